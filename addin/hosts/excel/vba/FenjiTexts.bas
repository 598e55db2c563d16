Option Explicit
Option Private Module

' Texts, configuration and error marks: plain VBA without Windows, so other programs can run it too.

' "zh" when Excel's own language is Chinese, else "en". The sheet "config" may name one ("language").
Public Function FenjiLanguage() As String
    Const INTERFACE_LANGUAGE As Long = 2
    Const CHINESE As Long = 4
    Dim language As Long

    FenjiLanguage = FenjiConfig("language")
    If FenjiLanguage = "zh" Or FenjiLanguage = "en" Then Exit Function
    On Error Resume Next
    language = Application.LanguageSettings.LanguageID(INTERFACE_LANGUAGE)
    On Error GoTo 0
    FenjiLanguage = IIf((language And &H3FF) = CHINESE, "zh", "en")
End Function

' The text of a key in Excel's language, from the add-in's sheet "texts".
Public Function FenjiText(ByVal key As String) As String
    FenjiText = LookUp("texts", key, IIf(FenjiLanguage() = "zh", 2, 3))
    If FenjiText = "" Then FenjiText = key
End Function

' A setting: the user's own file first, then the add-in's sheet "config". No other place is read.
Public Function FenjiConfig(ByVal key As String) As String
    FenjiConfig = ConfigLine(UserConfig(), key)
    If FenjiConfig = "" Then FenjiConfig = LookUp("config", key, 2)
End Function

' The value of "key = value" in a text of lines.
Public Function ConfigLine(ByVal text As String, ByVal key As String) As String
    Dim entry As Variant, position As Long

    For Each entry In Split(Replace(text, vbCr, ""), vbLf)
        position = InStr(entry, "=")
        If position > 0 Then
            If LCase$(Trim$(Left$(entry, position - 1))) = LCase$(key) Then
                ConfigLine = Trim$(Mid$(entry, position + 1))
                Exit Function
            End If
        End If
    Next
End Function

' What starts Python's server. -P: the current folder is not on Python's path, so a file beside a
' workbook cannot take our place. No part of it comes from the open workbook.
Public Function FenjiServerCommand(ByVal interpreter As String) As String
    Const QUOTE As String = """"
    FenjiServerCommand = QUOTE & interpreter & QUOTE & " -P -B -c " & QUOTE & "from addin.hosts.excel.serve import serve; serve('$(CLSID)')" & QUOTE
End Function

' Error marks such as "#N/A" as errors, alone or in an array of one or two dimensions.
Public Function FenjiMarks(ByVal result As Variant) As Variant
    Dim row As Long, column As Long

    If Not IsArray(result) Then
        result = FenjiMark(result)
    ElseIf Dimensions(result) = 1 Then
        For column = LBound(result) To UBound(result)
            result(column) = FenjiMark(result(column))
        Next
    Else
        For row = LBound(result, 1) To UBound(result, 1)
            For column = LBound(result, 2) To UBound(result, 2)
                result(row, column) = FenjiMark(result(row, column))
            Next
        Next
    End If
    FenjiMarks = result
End Function

Public Function FenjiMark(ByVal value As Variant) As Variant
    FenjiMark = value
    If VarType(value) <> vbString Then Exit Function
    Select Case value
        Case "#NULL!": FenjiMark = CVErr(2000)
        Case "#DIV/0!": FenjiMark = CVErr(2007)
        Case "#VALUE!": FenjiMark = CVErr(2015)
        Case "#REF!": FenjiMark = CVErr(2023)
        Case "#NAME?": FenjiMark = CVErr(2029)
        Case "#NUM!": FenjiMark = CVErr(2036)
        Case "#N/A": FenjiMark = CVErr(2042)
    End Select
End Function

Private Function Dimensions(ByVal result As Variant) As Long
    Dim unused As Long
    On Error GoTo done
    Dimensions = 1
    unused = UBound(result, 2)
    Dimensions = 2
done:
End Function

Private Function LookUp(ByVal sheetName As String, ByVal key As String, ByVal column As Long) As String
    Dim sheet As Object, row As Long

    Set sheet = ThisWorkbook.Worksheets(sheetName)
    row = 2
    Do While sheet.Cells(row, 1).Value <> ""
        If sheet.Cells(row, 1).Value = key Then
            LookUp = sheet.Cells(row, column).Value
            Exit Function
        End If
        row = row + 1
    Loop
End Function

' The text of the user's file, read once. UTF-8, so folders with Chinese names work.
Private Function UserConfig() As String
    Static text As String, isRead As Boolean
    Dim stream As Object, shell As Object, folder As String

    If Not isRead Then
        isRead = True
        On Error Resume Next
        Set shell = CreateObject("WScript.Shell")
        folder = shell.ExpandEnvironmentStrings("%FENJI_HOME%")
        If Left$(folder, 1) = "%" Then folder = shell.ExpandEnvironmentStrings("%APPDATA%") & "\fenji"
        Set stream = CreateObject("ADODB.Stream")
        stream.Type = 2
        stream.Charset = "utf-8"
        stream.Open
        stream.LoadFromFile folder & "\fenji.conf"
        If Err.Number = 0 Then text = stream.ReadText
        stream.Close
    End If
    UserConfig = text
End Function
