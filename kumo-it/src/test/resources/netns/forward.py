"""Forwards Ethernet frames between the interfaces named, as a switch does, each frame after a delay.

The delay is in seconds; 0 at first, then whatever the lines on standard input say, until they end.
Kernels without netem cannot delay. Each frame keeps its virtio header (PACKET_VNET_HDR, linux/if_packet.h):
frames between veth ends are larger than any wire's and have no checksum yet, which the header says.
"""

import heapq
import select
import socket
import sys
import time

SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING, SO_RCVBUFFORCE = 263, 15, 23, 33
ETH_P_ALL = 3
HEADER = 10
LARGEST = 1 << 17
WAITING_MAX = 100_000


def port(name):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    end.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    end.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    end.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    end.bind((name, ETH_P_ALL))
    return end


def send(end, frame):
    try:
        end.send(frame)
    except OSError:
        pass  # A full queue, or an end that is gone: the frame is lost, as on a wire.


def main():
    ports = [port(name) for name in sys.argv[1:]]
    known, waiting, number, delay = {}, [], 0, 0.0
    while True:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        ready, _, _ = select.select([*ports, sys.stdin], [], [], pause)
        for source in ready:
            if source is sys.stdin:
                line = sys.stdin.readline()
                if not line:
                    return
                delay = float(line)
                continue
            frame = source.recv(LARGEST)
            known[frame[HEADER + 6 : HEADER + 12]] = source
            number += 1
            if len(waiting) < WAITING_MAX:
                heapq.heappush(waiting, (time.monotonic() + delay, number, source, frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, source, frame = heapq.heappop(waiting)
            target = known.get(frame[HEADER : HEADER + 6])
            for end in [target] if target else ports:
                if end is not source:
                    send(end, frame)


main()
