#!/bin/bash
# healthy.sh PATH [PORT]: whether the server of this container answers with 200. A shell asks in a millisecond; a Node of its own would cost
# a hundredth of a core for each container.
exec 3<> "/dev/tcp/127.0.0.1/${2:-$PORT}" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
read -r -t 2 _ status _ <&3 && [ "$status" = 200 ]
