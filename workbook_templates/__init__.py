"""What it looks like: template workbooks people may edit in Excel, and what fills them."""
