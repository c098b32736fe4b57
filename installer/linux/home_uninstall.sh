#!/bin/sh
# Removes what SpineContext's installer put under the home directory, and nothing else.
set -u
app=$(dirname "$(readlink -f "$0")")
share=${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin

@DIALOGS@

remove() {
    if is_running "$app"; then
        tell error "SpineContext is running. Please close it, then uninstall it again."
        exit 1
    fi
    if ! [ -w "$app" ] || ! [ -w "$(dirname "$app")" ]; then
        tell error "SpineContext cannot be removed: the folder $app cannot be written to. Please ask whoever looks after this computer."
        exit 1
    fi
    while IFS= read -r file; do
        rm -f "$share/$file"
    done < "$app/shared-files"
    for program in spinecontext spinecontext-app; do
        [ "$(readlink -f "$bin/$program")" != "$app/$program" ] || rm -f "$bin/$program"
    done
    refresh_desktop
    folders=$(sort -r "$app/created-folders")
    rm -rf "$app"
    # The desktop's caches go only where the folders themselves came with SpineContext.
    printf '%s\n' "$folders" | while IFS= read -r folder; do
        case "$folder" in
            */applications) [ "$(ls "$folder")" != mimeinfo.cache ] || rm "$folder/mimeinfo.cache" ;;
            */mime) [ -e "$folder/packages" ] || rm -rf "$folder" ;;
        esac
        rmdir "$folder" 2>/dev/null
    done
    tell info "SpineContext is removed. Your own files are where they were."
}

remove
exit
