Option Explicit

' What the ribbon calls by name.

Public Sub FenjiRibbonLoad(ribbon As IRibbonUI)
End Sub

Public Sub FenjiLabel(control As IRibbonControl, ByRef text)
    text = FenjiText(control.ID)
End Sub

Public Sub FenjiTip(control As IRibbonControl, ByRef text)
    text = FenjiText(control.ID & ".tip")
End Sub

' Ctrl+Z right after one of our commands.
Public Sub FenjiUndoLast()
    FenjiRun "undo", True
End Sub

' One function's help in the function wizard.
Public Sub FenjiDescribe(ByVal name As String, ByVal arguments As Variant, ByVal category As String)
    Dim help() As String, position As Long

    ReDim help(LBound(arguments) To UBound(arguments))
    For position = LBound(arguments) To UBound(arguments)
        help(position) = FenjiText(name & "." & arguments(position))
    Next
    On Error Resume Next
    Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & name, Description:=FenjiText(name), Category:=FenjiText(category), ArgumentDescriptions:=help
End Sub
