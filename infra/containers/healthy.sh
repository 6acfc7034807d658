#!/bin/bash
# healthy.sh PORT PATH: whether this container's server answers with 200. A shell asks in a millisecond; a Node of its own would cost a
# hundredth of a core for each container.
exec 3<> "/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
read -r -t 2 _ status _ <&3 && [ "$status" = 200 ]
