"""The LibreOffice Calc add-in: fenji.oxt, whose UNO part asks fenji's own interpreter over a pipe."""
