#!/bin/bash
# healthy.sh PATH [PORT]: whether the server of this container answers with 200. A shell takes a fiftieth of the CPU
# time of a Node of its own.
exec 3<> "/dev/tcp/127.0.0.1/${2:-$PORT}" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
read -r -t 2 _ status _ <&3 && [ "$status" = 200 ]
