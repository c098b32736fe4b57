; The installer for Windows: for one user, without administrator's rights. /S is silent; /D=PATH, as
; the last argument, chooses another folder. Exit codes: 0 done, 1 cancelled, 2 refused (the sentence
; that says why is in a box and, for a silent run, in SpineContext-install.log in the TEMP folder).

Unicode true
Target amd64-unicode
SetCompressor ${COMPRESSOR}
RequestExecutionLevel user
CRCCheck force
AllowSkipFiles off
ManifestDPIAware true

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "WordFunc.nsh"
!include "LogicLib.nsh"

!define NAME "SpineContext"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define CLASSES "Software\Classes"

Name "${NAME} ${VERSION}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
BrandingText "For research use, not for diagnosis"

VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Installs SpineContext for the current user"
VIAddVersionKey "CompanyName" "The SpineContext Desktop developers"
VIAddVersionKey "LegalCopyright" "MIT licence"
VIAddVersionKey "Comments" "build ${BUILD}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\spinecontext-app.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString RUNNING ${LANG_ENGLISH} "SpineContext is running. Please close it, then start again."
LangString RUNNING ${LANG_GERMAN} "SpineContext läuft noch. Bitte schließen Sie es und starten Sie erneut."
LangString NEWER ${LANG_ENGLISH} "A newer version of SpineContext ($1) is installed already; it stays. To go back to ${VERSION}, uninstall it first."
LangString NEWER ${LANG_GERMAN} "Eine neuere Version von SpineContext ($1) ist schon installiert und bleibt. Um zu ${VERSION} zurückzukehren, deinstallieren Sie sie zuerst."
LangString NO_ROOM ${LANG_ENGLISH} "There is not enough free space for SpineContext. Please delete something and start the installer again."
LangString NO_ROOM ${LANG_GERMAN} "Es ist nicht genug Platz für SpineContext frei. Bitte löschen Sie etwas und starten Sie das Installationsprogramm erneut."
LangString NOT_WRITABLE ${LANG_ENGLISH} "SpineContext cannot be installed: the folder $INSTDIR cannot be written to. Please choose another one."
LangString NOT_WRITABLE ${LANG_GERMAN} "SpineContext kann nicht installiert werden: In den Ordner $INSTDIR kann nicht geschrieben werden. Bitte wählen Sie einen anderen."
LangString DAMAGED ${LANG_ENGLISH} "SpineContext could not be unpacked whole. Nothing was installed. Please get the installer again."
LangString DAMAGED ${LANG_GERMAN} "SpineContext konnte nicht vollständig entpackt werden. Es wurde nichts installiert. Bitte beschaffen Sie das Installationsprogramm erneut."
LangString BECAME_FULL ${LANG_ENGLISH} "SpineContext could not be unpacked: probably the disk became full. Nothing was installed."
LangString BECAME_FULL ${LANG_GERMAN} "SpineContext konnte nicht entpackt werden: Wahrscheinlich ist der Datenträger voll geworden. Es wurde nichts installiert."

; Say a sentence, also for a silent run, without having changed anything.
!macro Tell sentence
    SetOutPath "$TEMP"
    RMDir /r "$INSTDIR.new"
    FileOpen $9 "$TEMP\SpineContext-install.log" w
    FileWrite $9 "${sentence}$\r$\n"
    FileClose $9
    MessageBox MB_ICONSTOP "${sentence}" /SD IDOK
    SetErrorLevel 2
!macroend

!macro Refuse sentence
    !insertmacro Tell "${sentence}"
    Quit
!macroend

; A running program cannot be opened for writing.
!macro RefuseIfRuns program
    ${If} ${FileExists} "$INSTDIR\${program}"
        ClearErrors
        FileOpen $9 "$INSTDIR\${program}" a
        ${If} ${Errors}
            !insertmacro Refuse "$(RUNNING)"
        ${EndIf}
        FileClose $9
    ${EndIf}
!macroend

!macro Associate extension
    WriteRegStr HKCU "${CLASSES}\${extension}\OpenWithProgids" "${NAME}.CT" ""
    WriteRegStr HKCU "${CLASSES}\Applications\spinecontext-app.exe\SupportedTypes" "${extension}" ""
    ; The double click is taken only where nobody else has it.
    ReadRegStr $9 HKCR "${extension}" ""
    ${If} $9 == ""
        WriteRegStr HKCU "${CLASSES}\${extension}" "" "${NAME}.CT"
    ${EndIf}
!macroend

!macro Dissociate extension
    DeleteRegValue HKCU "${CLASSES}\${extension}\OpenWithProgids" "${NAME}.CT"
    ReadRegStr $9 HKCU "${CLASSES}\${extension}" ""
    ${If} $9 == "${NAME}.CT"
        DeleteRegValue HKCU "${CLASSES}\${extension}" ""
    ${EndIf}
    DeleteRegKey /ifempty HKCU "${CLASSES}\${extension}\OpenWithProgids"
    DeleteRegKey /ifempty HKCU "${CLASSES}\${extension}"
!macroend

Section "SpineContext"
    ReadRegStr $1 HKCU "${UNINSTALL_KEY}" "DisplayVersion"
    ${If} $1 != ""
        ${VersionCompare} "$1" "${VERSION}" $2
        ${If} $2 == 1
            !insertmacro Refuse "$(NEWER)"
        ${EndIf}
    ${EndIf}
    ; A folder that holds something else is never filled or replaced: ours goes beneath it.
    ${If} ${FileExists} "$INSTDIR\*.*"
    ${AndIfNot} ${FileExists} "$INSTDIR\FILES.txt"
        StrCpy $INSTDIR "$INSTDIR\${NAME}"
    ${EndIf}
    !insertmacro RefuseIfRuns "spinecontext-app.exe"
    !insertmacro RefuseIfRuns "spinecontext.exe"

    ; Everything is unpacked beside the place where it belongs and checked there.
    RMDir /r "$INSTDIR.new"
    ClearErrors
    CreateDirectory "$INSTDIR.new"
    ${If} ${Errors}
        !insertmacro Refuse "$(NOT_WRITABLE)"
    ${EndIf}
    ${DriveSpace} "$INSTDIR.new" "/D=F /S=K" $4
    ${If} $4 != ""
    ${AndIf} $4 < ${SIZE_KIB}
        !insertmacro Refuse "$(NO_ROOM)"
    ${EndIf}
    SetOutPath "$INSTDIR.new"
    ClearErrors
    File /r "${PAYLOAD}/*"
    WriteUninstaller "$INSTDIR.new\uninstall.exe"
    ${If} ${Errors}
        !insertmacro Refuse "$(DAMAGED)"
    ${EndIf}
    SetOutPath "$TEMP"
    nsExec::Exec '"$INSTDIR.new\spinecontext.exe" --check-installation'
    Pop $5
    ${If} $5 != 0
        !insertmacro Refuse "$(DAMAGED)"
    ${EndIf}

    ; Old and new change places by renaming.
    ${If} ${FileExists} "$INSTDIR\FILES.txt"
        ClearErrors
        Rename "$INSTDIR" "$INSTDIR.old"
        ${If} ${Errors}
            !insertmacro Refuse "$(RUNNING)"
        ${EndIf}
    ${EndIf}
    ClearErrors
    Rename "$INSTDIR.new" "$INSTDIR"
    ${If} ${Errors}
        Rename "$INSTDIR.old" "$INSTDIR"
        !insertmacro Refuse "$(NOT_WRITABLE)"
    ${EndIf}
    ${If} ${FileExists} "$INSTDIR.old\uninstall.exe"
        ExecWait '"$INSTDIR.old\uninstall.exe" /S _?=$INSTDIR.old'
        Delete "$INSTDIR.old\uninstall.exe"
        RMDir "$INSTDIR.old"
    ${EndIf}

    CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\spinecontext-app.exe"
    WriteRegStr HKCU "${CLASSES}\${NAME}.CT" "" "CT image"
    WriteRegStr HKCU "${CLASSES}\${NAME}.CT\DefaultIcon" "" "$INSTDIR\spinecontext-app.exe,0"
    WriteRegStr HKCU "${CLASSES}\${NAME}.CT\shell\open\command" "" '"$INSTDIR\spinecontext-app.exe" "%1"'
    WriteRegStr HKCU "${CLASSES}\Applications\spinecontext-app.exe\shell\open\command" "" '"$INSTDIR\spinecontext-app.exe" "%1"'
    !insertmacro Associate ".dcm"
    !insertmacro Associate ".nii"
    !insertmacro Associate ".nrrd"
    !insertmacro Associate ".mha"

    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\spinecontext-app.exe"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The SpineContext Desktop developers"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KIB}
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
SectionEnd

; The unpacking ended in the middle: the unfinished folder goes.
Function .onInstFailed
    !insertmacro Tell "$(BECAME_FULL)"
FunctionEnd

Section "Uninstall"
    !insertmacro RefuseIfRuns "spinecontext-app.exe"
    !insertmacro RefuseIfRuns "spinecontext.exe"
    SetOutPath "$TEMP"
    !include "${DELETIONS}"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\${NAME}.lnk"
    DeleteRegKey HKCU "${CLASSES}\${NAME}.CT"
    DeleteRegKey HKCU "${CLASSES}\Applications\spinecontext-app.exe"
    !insertmacro Dissociate ".dcm"
    !insertmacro Dissociate ".nii"
    !insertmacro Dissociate ".nrrd"
    !insertmacro Dissociate ".mha"
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
SectionEnd
