Option Explicit
Option Private Module

' Between Excel and Python. Nothing is decided here: a button's name goes to addin.hosts.excel.entry,
' a function's name and arguments to the Python functions. Python is found through FenjiConfig, which
' reads the user's own file and this add-in, never the open workbook, its folder or its name.

#If Mac Then
#Else
    #If Win64 Then
        Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-{{XLWINGS}}.dll" (ByRef result As Variant, Optional ByVal command As String = "", Optional ByVal mode As Long = 1) As Long
        Private Const PYTHON_DLL As String = "xlwings64-{{XLWINGS}}.dll"
    #Else
        Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-{{XLWINGS}}.dll" (ByRef result As Variant, Optional ByVal command As String = "", Optional ByVal mode As Long = 1) As Long
        Private Const PYTHON_DLL As String = "xlwings32-{{XLWINGS}}.dll"
    #End If
    Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr
    Private Declare PtrSafe Function MessageBoxW Lib "user32" (ByVal window As LongPtr, ByVal text As LongPtr, ByVal title As LongPtr, ByVal style As Long) As Long
#End If

Private Const CANNOT_START As Long = 1000
' Esc would break this macro off with a dialog of VBA; Python notices it itself and stops between two steps.
' Excel sets this back when the macro ends.
Private Const CANCEL_KEY_DISABLED As Long = 0

' Runs a command of the ribbon. The state of Excel is as before when it ends, whatever happened.
Public Sub FenjiRun(ByVal command As String, ByVal needsBook As Boolean, Optional ByVal argument As String = "")
    Dim calculation As Long, updating As Boolean, events As Boolean, alerts As Boolean, hasBook As Boolean
    Dim outcome As String, problem As String

    hasBook = Not ActiveWorkbook Is Nothing
    If needsBook And Not hasBook Then
        FenjiSay FenjiText("no_workbook")
        Exit Sub
    End If
    updating = Application.ScreenUpdating
    events = Application.EnableEvents
    alerts = Application.DisplayAlerts
    If hasBook Then calculation = Application.Calculation

    On Error GoTo failed
    Application.EnableCancelKey = CANCEL_KEY_DISABLED
    Application.StatusBar = FenjiText("starting")
    Application.Caption = FenjiText("starting")
    outcome = CallCommand(command, argument)
    GoTo restore
failed:
    problem = Left$(Err.Number & " " & Err.Description, 600)
    Resume restore
restore:
    On Error Resume Next
    Application.StatusBar = False
    Application.Caption = Empty
    Application.ScreenUpdating = updating
    Application.EnableEvents = events
    Application.DisplayAlerts = alerts
    If hasBook Then If Application.Calculation <> calculation Then Application.Calculation = calculation
    If problem <> "" Then FenjiSay FenjiText("python_failed") & vbLf & vbLf & problem
    If outcome = "changed" Then Application.OnUndo FenjiText("undo_entry"), "'" & ThisWorkbook.Name & "'!FenjiUndoLast"
End Sub

' Asks first, then runs the command with the answer.
Public Sub FenjiAsk(ByVal command As String, ByVal needsBook As Boolean, ByVal question As String)
    Dim answer As Variant

    If needsBook And ActiveWorkbook Is Nothing Then
        FenjiSay FenjiText("no_workbook")
        Exit Sub
    End If
    answer = Application.InputBox(FenjiText(question), FenjiText("fenji_tab"), Type:=2)
    If VarType(answer) <> vbBoolean Then FenjiRun command, needsBook, CStr(answer)
End Sub

' The result of one of our worksheet functions, with its error marks as Excel's own errors.
Public Function FenjiCall(ByVal functionName As String, ByVal arguments As Variant) As Variant
    #If Mac Then
        FenjiCall = CVErr(xlErrName)
    #Else
        Dim server As Object, caller As Object, position As Long
        On Error GoTo failed
        Set server = PythonServer()
        If TypeName(Application.Caller) = "Range" Then Set caller = Application.Caller
        For position = LBound(arguments) To UBound(arguments)
            If TypeName(arguments(position)) = "Range" Then arguments(position) = FenjiCells(arguments(position))
        Next
        FenjiCall = FenjiMarks(server.CallUDF("{{FUNCTIONS}}", functionName, arguments, Nothing, caller))
        Exit Function
failed:
        Resume unavailable
unavailable:
        On Error Resume Next
        FenjiCall = CVErr(xlErrNA)
        Application.StatusBar = FenjiText("python_failed")
    #End If
End Function

' The cells of a range as plain values; whole columns end where the sheet's used range ends.
Private Function FenjiCells(ByVal cells As Object) As Variant
    Dim lastRow As Long, rows As Long

    With cells.Worksheet.UsedRange
        lastRow = .Row + .Rows.Count - 1
    End With
    rows = cells.Rows.Count
    If cells.Row + rows - 1 > lastRow Then rows = lastRow - cells.Row + 1
    If rows < 1 Then rows = 1
    If rows < cells.Rows.Count And cells.Rows.Count > 10000 Then Set cells = cells.Resize(rows)
    FenjiCells = cells.Value2
End Function

Private Function CallCommand(ByVal command As String, ByVal argument As String) As String
    Dim bookName As String
    If Not ActiveWorkbook Is Nothing Then bookName = ActiveWorkbook.Name
    #If Mac Then
        ' The script holds the interpreter, quotes every argument, and is written by "fenji install".
        CallCommand = AppleScriptTask("fenji.applescript", "runCommand", command & vbLf & FenjiLanguage() & vbLf & bookName & vbLf & Application.Path & vbLf & argument)
    #Else
        Dim server As Object
        Set server = PythonServer()
        server.SetAttr server.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook
        CallCommand = server.Str(server.Call(server.Module("addin.hosts.excel.entry"), "run", server.Tuple(command, FenjiLanguage(), argument, Application.Hwnd)))
    #End If
End Function

#If Mac Then
#Else
Private Function PythonServer() As Object
    Dim answer As Variant, interpreter As String, library As String

    interpreter = FenjiConfig("interpreter")
    library = FenjiConfig("dll_folder") & "\" & PYTHON_DLL
    If interpreter = "" Then Err.Raise CANNOT_START, , FenjiText("not_installed")
    If LoadLibraryW(StrPtr(library)) = 0 Then Err.Raise CANNOT_START, , library
    If XLPyDLLActivateAuto(answer, FenjiServerCommand(interpreter), 1) <> 0 Then Err.Raise CANNOT_START, , CStr(answer)
    Set PythonServer = answer
End Function
#End If

' A message in any language: VBA's own MsgBox knows only the characters of the system's code page.
Public Sub FenjiSay(ByVal message As String)
    Dim title As String

    title = FenjiText("fenji_tab")
    #If Mac Then
        MsgBox message, vbInformation, title
    #Else
        MessageBoxW Application.Hwnd, StrPtr(message), StrPtr(title), vbInformation
    #End If
End Sub
