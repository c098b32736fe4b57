# Say a sentence in the terminal or, started by double click, in whatever dialog the desktop brings.
tell() {
    end_busy
    if [ "$1" = error ]; then printf '%s\n' "$2" >&2; else printf '%s\n' "$2"; fi
    [ -t 1 ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && return
    if command -v zenity >/dev/null; then
        zenity "--$1" --title=SpineContext --width=400 --no-markup --text="$2" 2>/dev/null
    elif command -v kdialog >/dev/null; then
        [ "$1" = error ] && kdialog --title SpineContext --error "$2" || kdialog --title SpineContext --msgbox "$2"
    elif command -v xmessage >/dev/null; then
        xmessage -center "$2"
    elif command -v notify-send >/dev/null; then
        notify-send SpineContext "$2"
    fi
}

busy=
say_busy() {
    if [ -t 1 ]; then
        printf '%s\n' "$1"
    elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v zenity >/dev/null; then
        zenity --info --title=SpineContext --no-markup --text="$1" 2>/dev/null &
        busy=$!
    fi
}

end_busy() {
    [ -z "$busy" ] || kill "$busy" 2>/dev/null
    busy=
}

# Whether a program in the folder $1 is running.
is_running() {
    for exe in /proc/[0-9]*/exe; do
        case "$(readlink "$exe" 2>/dev/null)" in "$1"/*) return 0 ;; esac
    done
    return 1
}

# Let the desktop see new or removed file types and menu entries.
refresh_desktop() {
    ! command -v update-mime-database >/dev/null || update-mime-database "$share/mime" 2>/dev/null
    ! command -v update-desktop-database >/dev/null || update-desktop-database "$share/applications" 2>/dev/null
}
