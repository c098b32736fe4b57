# Installs SpineContext under the home directory. $0 is the installer's file, with the payload behind
# its head; $1 may be --force, to go back to an older version. Values between @ are filled in when it
# is built. Either everything is installed or nothing is changed.
set -u
VERSION='@VERSION@'
PAYLOAD_BYTES='@PAYLOAD_BYTES@'
PAYLOAD_SHA256='@PAYLOAD_SHA256@'
UNPACKED_KIB='@UNPACKED_KIB@'

installer=$0
force=${1:-}
share=${XDG_DATA_HOME:-$HOME/.local/share}
opt=$HOME/.local/opt
bin=$HOME/.local/bin
app=$opt/spinecontext
new=
created=

@DIALOGS@

stop() {
    tidy
    tell error "$1"
    exit 1
}

# Remove what a failed or interrupted run has made so far.
tidy() {
    [ -z "$new" ] || rm -rf "$new"
    printf '%s' "$created" | sort -r | while IFS= read -r folder; do
        rmdir "$folder" 2>/dev/null
    done
}

# Make a folder and remember it and the parents that had to be made, a line each.
make_folder() {
    [ -d "$1" ] && return 0
    make_folder "$(dirname "$1")" || return 1
    mkdir "$1" 2>/dev/null || return 1
    created="$created$1
"
}

payload() {
    tail -c "$PAYLOAD_BYTES" "$installer"
}

for tool in tar xz sha256sum df; do
    command -v $tool >/dev/null ||
        stop "The installer needs the program $tool, which this computer does not have. Please ask whoever looks after it."
done
[ -n "${HOME:-}" ] && [ -d "$HOME" ] || stop "There is no home directory to install into."
[ "$(payload | sha256sum | cut -d' ' -f1)" = "$PAYLOAD_SHA256" ] ||
    stop "This installer is damaged: probably it was not copied or downloaded whole. Please get it again."
! is_running "$app" || stop "SpineContext is running. Please close it, then start the installer again."

installed=$(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$app/_internal/assets/build.json" 2>/dev/null)
if [ -n "$installed" ] && [ "$installed" != "$VERSION" ] && [ "$force" != --force ] &&
    [ "$(printf '%s\n' "$installed" "$VERSION" | sort -V | tail -n 1)" = "$installed" ]; then
    stop "A newer version of SpineContext ($installed) is installed already; it stays. To go back to $VERSION, uninstall it first."
fi

trap 'stop "Interrupted. Nothing was installed."' HUP INT TERM
for folder in "$opt" "$bin" "$share/applications" "$share/mime/packages" "$share/icons/hicolor"; do
    make_folder "$folder" && [ -w "$folder" ] ||
        stop "SpineContext cannot be installed: the folder $folder cannot be written to. Please ask whoever looks after this computer."
done
free_kib=$(df -Pk "$opt" | awk 'NR == 2 { print $4 }')
[ "$free_kib" -ge "$UNPACKED_KIB" ] ||
    stop "There is not enough free space: SpineContext needs $((UNPACKED_KIB / 1024)) MB and $((free_kib / 1024)) MB are free. Please delete something and start the installer again."

say_busy "Installing SpineContext $VERSION…"
new=$(mktemp -d "$opt/.spinecontext.XXXXXX") || stop "The folder $opt cannot be written to."
payload | tar -xJ -C "$new" --no-same-owner 2>/dev/null ||
    stop "SpineContext could not be unpacked: probably the disk became full. Nothing was installed."
program=$new/usr/lib/spinecontext
"$program/spinecontext" --check-installation >/dev/null 2>&1 ||
    stop "SpineContext does not run here: it needs a 64-bit PC with Debian 12, Ubuntu 24.04 or newer. Nothing was installed."

# Old and new swap places by renaming, the old one comes back if the new one cannot be put there.
cp "$app/created-folders" "$program/created-folders" 2>/dev/null
printf '%s' "$created" >> "$program/created-folders"
cat > "$program/uninstall" <<'END_OF_UNINSTALLER'
@UNINSTALLER@
END_OF_UNINSTALLER
chmod 755 "$program/uninstall" "$program"
[ ! -e "$app" ] || mv "$app" "$new/old" || stop "The installed SpineContext could not be replaced; it stays as it is."
if ! mv "$program" "$app"; then
    [ ! -e "$new/old" ] || mv "$new/old" "$app"
    stop "SpineContext could not be put in its place. Nothing was changed."
fi

ln -sfn "$app/spinecontext" "$bin/spinecontext"
ln -sfn "$app/spinecontext-app" "$bin/spinecontext-app"
(cd "$new/usr/share" && find icons mime -type f) > "$app/shared-files"
(cd "$new/usr/share" && find icons mime -type d) | while IFS= read -r folder; do
    [ -d "$share/$folder" ] || { mkdir "$share/$folder" && printf '%s\n' "$share/$folder" >> "$app/created-folders"; }
done
while IFS= read -r file; do
    cp "$new/usr/share/$file" "$share/$file"
done < "$app/shared-files"
quoted=$(printf '%s' "$app" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g; s/[\\&|]/\\&/g')
sed -e "s|^Exec=spinecontext-app|Exec=\"$quoted/spinecontext-app\"|" \
    "$new/usr/share/applications/spinecontext.desktop" > "$share/applications/spinecontext.desktop"
cat >> "$share/applications/spinecontext.desktop" <<END_OF_ACTION
Actions=uninstall;

[Desktop Action uninstall]
Name=Uninstall SpineContext
Name[de]=SpineContext deinstallieren
Exec="$(printf '%s' "$app" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g')/uninstall"
END_OF_ACTION
refresh_desktop
rm -rf "$new"
end_busy
tell info "SpineContext $VERSION is installed. You find it in the applications menu. To remove it, right-click it there or run $app/uninstall."
