-- Through this script Excel for Mac may start fenji's Python. Written by "fenji install", removed by
-- "fenji uninstall". Every part of the command line is quoted, so no name of a workbook can run anything.
-- Python works in the background: it talks to Excel, which waits for this script to end.

on runCommand(parameterText)
	set oldDelimiters to AppleScript's text item delimiters
	set AppleScript's text item delimiters to linefeed
	set parts to text items of parameterText
	set commandName to item 1 of parts
	set languageName to item 2 of parts
	set bookName to item 3 of parts
	set excelFolder to item 4 of parts
	set answer to (items 5 thru -1 of parts) as text
	set AppleScript's text item delimiters to oldDelimiters
	set commandLine to quoted form of "{{PYTHON}}" & " -P -B -m addin.hosts.excel.entry " & quoted form of commandName & " " & quoted form of languageName & " " & quoted form of answer & " " & quoted form of ("--wb=" & bookName) & " --from_xl=1 " & quoted form of ("--app=" & excelFolder)
	do shell script commandLine & " > /dev/null 2>&1 &"
	return "started"
end runCommand
