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
new=
staged=
created=

@DIALOGS@

stop() {
    tidy
    exec 9<&-
    tell error "$1"
    exit 1
}

# Remove what a failed or interrupted run has made so far.
tidy() {
    [ -z "$new" ] || rm -rf "$new"
    [ -z "$staged" ] || rm -rf "$staged"
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

# The kernel names running programs by paths without links.
is_it_running() {
    [ -d "$app" ] && is_running "$(readlink -f "$app")"
}

# The menu entry, with the path of this home in it and a way to uninstall.
desktop_entry() {
    quoted=$(printf '%s' "$app" | sed 's/[\\"`$]/\\&/g; s/%/%%/g')
    escaped=$(printf '%s' "$quoted" | sed 's/[\\&|]/\\&/g')
    sed -e "s|^Exec=spinecontext-app|Exec=\"$escaped/spinecontext-app\"|" \
        "$new/usr/share/applications/spinecontext.desktop" || return 1
    cat <<END_OF_ACTION
Actions=uninstall;

[Desktop Action uninstall]
Name=Uninstall SpineContext
Name[de]=SpineContext deinstallieren
Exec="$quoted/uninstall"
END_OF_ACTION
}

# Whether a program of that name in $bin came from elsewhere; it stays.
is_foreign() {
    { [ -e "$bin/$1" ] || [ -L "$bin/$1" ]; } && [ "$(readlink "$bin/$1")" != "$app/$1" ]
}

# All that goes outside the program's folder, in $staged, and the lists by which it is removed.
write_outside() {
    cp -R "$new/usr/share/icons" "$new/usr/share/mime" "$staged" 2>/dev/null || return 1
    mkdir "$staged/applications" "$staged/bin" || return 1
    desktop_entry > "$staged/applications/spinecontext.desktop" || return 1
    (cd "$staged" && find applications icons mime -type f) > "$program/shared-files" || return 1
    { cat "$app/created-folders" 2>/dev/null; printf '%s' "$created"; } > "$program/created-folders" || return 1
    for name in spinecontext spinecontext-app; do
        is_foreign $name || ln -s "$app/$name" "$staged/bin/$name" || return 1
    done
    cat > "$program/uninstall" <<'END_OF_UNINSTALLER' || return 1
@UNINSTALLER@
END_OF_UNINSTALLER
    chmod 755 "$program/uninstall" "$program"
}

payload() {
    tail -c "$PAYLOAD_BYTES" "$installer"
}

for tool in tar xz sha256sum df; do
    command -v $tool >/dev/null ||
        stop "The installer needs the program $tool, which this computer does not have. Please ask whoever looks after it."
done
[ -n "${HOME:-}" ] && [ -d "$HOME" ] || stop "There is no home directory to install into."
share=${XDG_DATA_HOME:-$HOME/.local/share}
opt=$HOME/.local/opt
bin=$HOME/.local/bin
app=$opt/spinecontext
[ "$(payload | sha256sum | cut -d' ' -f1)" = "$PAYLOAD_SHA256" ] ||
    stop "This installer is damaged: probably it was not copied or downloaded whole. Please get it again."

# Held until the end, so that a second, impatient double click does not do the same beside this run.
if [ -r "$HOME" ] && command -v flock >/dev/null; then
    exec 9<"$HOME"
    flock --nonblock --conflict-exit-code 9 9
    [ $? -ne 9 ] || stop "SpineContext is being installed already. Please wait until it is done."
    # What a run left that was killed.
    rm -rf "$opt"/.spinecontext.?????? "$share"/.spinecontext.??????
fi
is_it_running && stop "SpineContext is running. Please close it, then start the installer again."

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
[ "${free_kib:=$UNPACKED_KIB}" -ge "$UNPACKED_KIB" ] ||
    stop "There is not enough free space: SpineContext needs $((UNPACKED_KIB / 1024)) MB and $((free_kib / 1024)) MB are free. Please delete something and start the installer again."

say_busy "Installing SpineContext $VERSION…"
full="probably the disk became full. Nothing was installed."
new=$(mktemp -d "$opt/.spinecontext.XXXXXX") || stop "The folder $opt cannot be written to."
payload | tar -xJ -C "$new" --no-same-owner 2>/dev/null ||
    stop "SpineContext could not be unpacked: $full"
program=$new/usr/lib/spinecontext
"$program/spinecontext" --check-installation >/dev/null 2>&1
case $? in
    0) ;;
    8) stop "SpineContext could not be unpacked whole. Nothing was installed. Please start the installer again." ;;
    126) stop "Programs may not be started from $opt on this computer, so SpineContext cannot be installed there. Please ask whoever looks after this computer to install the package for Debian and Ubuntu (.deb)." ;;
    *) stop "SpineContext does not run here: it needs a 64-bit PC with Debian 12, Ubuntu 24.04 or newer. Nothing was installed." ;;
esac

# What goes elsewhere is made beside its place first: whatever fails, fails before anything is replaced.
staged=$(mktemp -d "$share/.spinecontext.XXXXXX") || stop "The folder $share cannot be written to."
for folder in $(cd "$new/usr/share" && find icons mime -type d); do
    make_folder "$share/$folder" && [ -w "$share/$folder" ] ||
        stop "SpineContext cannot be installed: the folder $share/$folder cannot be written to. Please ask whoever looks after this computer."
done
write_outside || stop "SpineContext could not be written whole: $full"

# Old and new swap places by renaming, the old one comes back if the new one cannot be put there.
trap '' HUP INT TERM
is_it_running && stop "SpineContext is running. Please close it, then start the installer again."
[ ! -e "$app" ] || mv "$app" "$new/old" || stop "The installed SpineContext could not be replaced; it stays as it is."
if ! mv "$program" "$app"; then
    [ ! -e "$new/old" ] || mv "$new/old" "$app"
    stop "SpineContext could not be put in its place. Nothing was changed."
fi
while IFS= read -r file; do
    mv -f "$staged/$file" "$share/$file"
done < "$app/shared-files"
for link in "$staged"/bin/*; do
    [ ! -L "$link" ] || mv -f "$link" "$bin"
done
refresh_desktop
rm -rf "$new" "$staged"
# The last word may stay on the screen for long; from here on the installer may be started again.
exec 9<&-
tell info "SpineContext $VERSION is installed. You find it in the applications menu. To remove it, right-click it there or run $app/uninstall."
