service=deskbell-agent.service

prepare() {
    :
}

# Trays of users who are logged on: their program is about to be gone.
end_processes() {
    for process in /proc/[0-9]*; do
        case $(readlink "$process/exe" 2> /dev/null) in
            /usr/bin/deskbell-tray*) kill "${process#/proc/}" 2> /dev/null || : ;;
        esac
    done
}

remove_data() {
    rm -rf /var/lib/deskbell-agent /run/deskbell
    rm -f /etc/deskbell/agent.toml /etc/deskbell/enrollment-token
    remove_if_empty /etc/deskbell
}
