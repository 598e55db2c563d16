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
