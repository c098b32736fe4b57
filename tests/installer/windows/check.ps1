# What a person with Windows does in two minutes, for hosted runners: install silently, look at the
# version, segment the demo, open the window, uninstall silently, and find nothing left.
param([Parameter(Mandatory)] [string] $Installer)
$ErrorActionPreference = "Stop"
$folder = "$env:LOCALAPPDATA\Programs\SpineContext"
$key = "HKCU:\Software\Microsoft\Windows\CurrentVersion\Uninstall\SpineContext"

function Confirm-That([bool] $Holds, [string] $What) {
    if (-not $Holds) { throw "Failed: $What" }
    Write-Output "ok: $What"
}

function Install-Silently {
    (Start-Process $Installer -ArgumentList "/S" -Wait -PassThru).ExitCode
}

Confirm-That ((Install-Silently) -eq 0) "it installs silently"
Confirm-That (Test-Path $key) "Windows lists it among the installed apps"
Confirm-That (Test-Path "$env:APPDATA\Microsoft\Windows\Start Menu\Programs\SpineContext.lnk") "it is in the start menu"

$version = & "$folder\spinecontext.exe" --version
Confirm-That ($version -match "^\d+\.\d+\.\d+ \(build ") "the version names the build: $version"
& "$folder\spinecontext.exe" --check-installation
Confirm-That ($LASTEXITCODE -eq 0) "every file is as it was built"

$results = Join-Path $env:TEMP "Größe und Maß"
& "$folder\spinecontext.exe" demo --out $results
Confirm-That ($LASTEXITCODE -eq 0) "the demo is segmented"
Confirm-That ((Get-ChildItem $results).Count -eq 3) "mask, surface and report are written"

$window = Start-Process "$folder\spinecontext-app.exe" -PassThru
$until = (Get-Date).AddSeconds(60)
while ((Get-Date) -lt $until -and -not $window.MainWindowHandle) {
    Start-Sleep -Milliseconds 200
    $window.Refresh()
}
Confirm-That ($window.MainWindowTitle -like "*SpineContext*") "the window opens: $($window.MainWindowTitle)"
Confirm-That ((Install-Silently) -eq 2) "it is not replaced while it runs"
Stop-Process $window -Force
$window.WaitForExit()

Set-ItemProperty $key DisplayVersion "99.0.0"
Confirm-That ((Install-Silently) -eq 2) "a newer version stays"
Set-ItemProperty $key DisplayVersion "0.0.1"
Confirm-That ((Install-Silently) -eq 0) "an older version is replaced"

Start-Process "$folder\uninstall.exe" -ArgumentList "/S", "_?=$folder" -Wait
Confirm-That (-not (Test-Path $key)) "it uninstalls silently"
$left = @(Get-ChildItem $folder -Recurse -Name -ErrorAction SilentlyContinue)
Confirm-That ($left.Count -eq 0 -or ($left.Count -eq 1 -and $left[0] -eq "uninstall.exe")) "nothing is left"
