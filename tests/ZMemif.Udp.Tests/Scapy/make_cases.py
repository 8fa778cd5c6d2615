#!/usr/bin/python3
"""Makes cases.pcap, odd frames built by scapy, and cases.txt, what a host has to make of each of them.

usage: make_cases.py FOLDER      (Debian: python3-scapy)

The host is 192.0.2.2/24 at 02:00:c0:00:02:02 with the gateway 192.0.2.254. It has a socket on port 7, one on port 8 that is
connected to 192.0.2.9:5000, and is a member of 239.1.2.3, and of 239.1.2.4 for what comes from 192.0.2.9. It is new for each case.

cases.txt has a line for each case, then one, indented, for each of its frames, in the order of the pcap file: what becomes of
the frame, as its RFC says it or, where that leaves a choice, as Linux does it.

  delivered N       a socket gets N bytes, and they are the right ones
  consumed          a protocol of the host has used it up
  kept              a fragment, which waits for the others
  dropped R         the frame, or the packet that it is a part of, or another one in its stead, dies of this MemifDropReason
  answered K        at once, by arp-reply, announcement, echo-reply, port-unreachable, protocol-unreachable or time-exceeded
  reports vN        an IGMP report, or several, of this version follow within its time
  error E           the connected socket fails with this SocketError
  wait 31           no frame: what happens while so many seconds pass
"""

import os
import struct
import sys

from scapy.all import ARP, ICMP, IP, UDP, Dot1Q, Dot3, Ether, LLC, SNAP, Raw, fragment, raw
from scapy.utils import checksum

OWN, OWN_MAC = "192.0.2.2", "02:00:c0:00:02:02"
PEER, PEER_MAC = "192.0.2.9", "02:00:00:00:00:09"
OUTSIDE, GATEWAY_MAC = "198.51.100.7", "02:00:00:00:00:fe"
GROUP, SOURCE_GROUP, OTHER_GROUP = "239.1.2.3", "239.1.2.4", "239.1.2.5"
ALL_SYSTEMS = "224.0.0.1"
BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"

cases = []


def case(name, *steps):
    """A case of (frame or seconds to wait, outcome) pairs."""
    assert name not in (other for other, _ in cases), name
    cases.append((name, steps))


def dies(name, frame, reason):
    case(name, (frame, f"dropped {reason}"))


def payload(length):
    return bytes((i * 7 + 1) & 0xFF for i in range(length))


# Ethernet and IPv4

def group_mac(group):
    low = [int(part) for part in group.split(".")]
    return f"01:00:5e:{low[1] & 0x7f:02x}:{low[2]:02x}:{low[3]:02x}"


def station_of(address):
    if address.startswith(("224.", "239.")):
        return group_mac(address)
    return BROADCAST_MAC if address in ("255.255.255.255", "192.0.2.255") else OWN_MAC


def ether(to=OWN_MAC, kind=0x0800):
    return Ether(dst=to, src=PEER_MAC, type=kind)


def packet(proto, body, src=PEER, dst=OWN, station=None, **fields):
    """A frame with an IPv4 packet; what fields does not say is right."""
    fields = {"id": 1, "ttl": 64, **fields}
    return raw(ether(station or station_of(dst)) / IP(src=src, dst=dst, proto=proto, **fields) / Raw(body))


def with_header_checksum(frame):
    """The frame with the checksum that its header, as long as it says, should have."""
    length = (frame[14] & 0xF) * 4
    header = bytearray(frame[14:14 + length])
    header[10:12] = b"\0\0"
    header[10:12] = checksum(bytes(header)).to_bytes(2, "big")
    return frame[:14] + bytes(header) + frame[14 + length:]


def patched(frame, offset, *values):
    return frame[:offset] + bytes(values) + frame[offset + len(values):]


# UDP

def udp(length=18, src=PEER, dst=OWN, dport=7, sport=5000, **fields):
    """The bytes of a datagram, checksum included."""
    datagram = IP(src=src, dst=dst, id=1) / UDP(sport=sport, dport=dport, **fields) / Raw(payload(length))
    return raw(datagram)[20:]


def datagram(length=18, src=PEER, dst=OWN, dport=7, sport=5000, station=None, udp_fields=None, **fields):
    return packet(17, udp(length, src, dst, dport, sport, **(udp_fields or {})), src, dst, station, **fields)


def delivered(name, frame, length=18):
    case(name, (frame, f"delivered {length}"))


# ICMP

def icmp(kind, code=0, rest=b"\0\0\0\0", body=b""):
    message = bytes([kind, code, 0, 0]) + rest + body
    return patched(message, 2, *checksum(message).to_bytes(2, "big"))


def echo(body=b"abcdefgh", code=0):
    return icmp(8, code, b"\xca\xfe\0\3", body)


def quote(sport=8, dport=5000, src=OWN, dst=PEER, proto=17, length=28, **fields):
    """The head of a packet that the host might have sent."""
    whole = raw(IP(src=src, dst=dst, proto=proto, id=77, ttl=64, **fields) / Raw(udp(10, src, dst, dport, sport)))
    return whole[:length]


# IGMP

ROUTER_ALERT = Raw(b"\x94\x04\0\0")


def igmp(kind, code=0, group="0.0.0.0", more=b""):
    message = bytes([kind, code, 0, 0]) + bytes(int(part) for part in group.split(".")) + more
    return patched(message, 2, *checksum(message).to_bytes(2, "big"))


def igmp_frame(message, dst, ttl=1, alert=True, src=PEER):
    return packet(2, message, src=src, dst=dst, ttl=ttl, tos=0xC0, options=[ROUTER_ALERT] if alert else [])


def query3(code=10, group="0.0.0.0", sources=(), count=None, robustness=2, more=b""):
    listed = b"".join(bytes(int(part) for part in source.split(".")) for source in sources)
    count = len(sources) if count is None else count
    return igmp(0x11, code, group, bytes([robustness, 125]) + count.to_bytes(2, "big") + listed + more)


# ARP

def arp(op=1, sender=PEER, sender_mac=PEER_MAC, target=OWN, to=BROADCAST_MAC, **fields):
    return raw(ether(to, 0x0806) / ARP(op=op, psrc=sender, hwsrc=sender_mac, pdst=target, hwdst="00:00:00:00:00:00", **fields))


# Fragments

def piece(body, offset, more, ident=1, proto=17, src=PEER, dst=OWN, **fields):
    """A fragment of these bytes, at this offset."""
    assert offset % 8 == 0
    return packet(proto, body, src, dst, id=ident, frag=offset // 8, flags="MF" if more else 0, **fields)


def cut(body, at, ident=1, **fields):
    """Fragments of a packet's payload, cut at these offsets."""
    ends = [*at, len(body)]
    starts = [0, *at]
    return [piece(body[start:end], start, end < len(body), ident, **fields) for start, end in zip(starts, ends)]


def fragments(name, pieces, *outcomes):
    assert len(pieces) == len(outcomes), name
    case(name, *zip(pieces, outcomes))


KEPT = "kept"
REFUSED = "dropped NoSocket + answered port-unreachable"


def ethernet_cases():
    good = raw(ether() / IP(src=PEER, dst=OWN, id=1) / UDP(sport=5000, dport=7) / Raw(payload(18)))
    delivered("ethernet-good", good)
    delivered("ethernet-padded", good + bytes(40))
    dies("ethernet-other-station", datagram(station="02:00:00:00:00:77"), "OtherStation")
    # Linux takes these, as drop_unicast_in_l2_multicast says; but nobody complains of what came to many stations.
    delivered("ethernet-broadcast-station-own-address", datagram(station=BROADCAST_MAC))
    dies("ethernet-broadcast-station-closed-port", datagram(dport=9, station=BROADCAST_MAC), "NoSocket")
    delivered("ethernet-own-station-broadcast-address", datagram(dst="192.0.2.255", station=OWN_MAC))
    delivered("ethernet-own-station-group", datagram(dst=GROUP, station=OWN_MAC))
    # A station that is in no VLAN does not know the type, but takes a priority (IEEE 802.1Q, 6.9).
    for name, tags in [("", [5]), ("-priority", [0]), ("-double", [5, 6]), ("-within-a-priority", [0, 5])]:
        frame = Ether(dst=OWN_MAC, src=PEER_MAC)
        for tag in tags:
            frame = frame / Dot1Q(vlan=tag, prio=3)
        frame = raw(frame / IP(src=PEER, dst=OWN, id=1) / UDP(sport=5000, dport=7) / Raw(payload(18)))
        if tags == [0]:
            delivered(f"vlan{name}", frame)
        else:
            dies(f"vlan{name}", frame, "UnknownEtherType")
    case("vlan-priority-arp", (raw(Ether(dst=BROADCAST_MAC, src=PEER_MAC) / Dot1Q(vlan=0, prio=7) / ARP(op=1, psrc=PEER, hwsrc=PEER_MAC, pdst=OWN)), "consumed + answered arp-reply"))
    dies("vlan-cut-in-its-tag", raw(ether(kind=0x8100) / Raw(b"\0\0\x08")), "UnknownEtherType")
    dies("vlan-arp", raw(Ether(dst=BROADCAST_MAC, src=PEER_MAC) / Dot1Q(vlan=5) / ARP(op=1, psrc=PEER, hwsrc=PEER_MAC, pdst=OWN)), "UnknownEtherType")
    dies("vlan-service-tag", raw(ether(kind=0x88A8) / Raw(bytes(50))), "UnknownEtherType")
    snap = Dot3(dst=OWN_MAC, src=PEER_MAC) / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=0x0800)
    dies("snap", raw(snap / IP(src=PEER, dst=OWN, id=1) / UDP(sport=5000, dport=7) / Raw(payload(18))), "UnknownEtherType")
    dies("ipv6-type", raw(ether(kind=0x86DD) / Raw(b"\x60" + bytes(39))), "UnknownEtherType")


def header_cases():
    good = datagram()
    for version in [*range(4), *range(5, 16)]:
        dies(f"version-{version}", with_header_checksum(patched(good, 14, version << 4 | 5)), "BadIpHeader")
    for words in range(5):
        dies(f"header-length-{words}", patched(good, 14, 0x40 | words), "BadIpHeader")
    # Longer than the whole packet; and so that the datagram's own bytes pass for options.
    dies("header-length-15-of-46-bytes", patched(good, 14, 0x4F), "BadIpHeader")
    dies("header-length-6-without-options", with_header_checksum(patched(good, 14, 0x46)), "BadIpHeader")
    for length, reason in [(0, "BadIpHeader"), (19, "BadIpHeader"), (20, "BadUdpLength"), (27, "BadUdpLength"), (28, "BadUdpLength"),
                           (45, "BadUdpLength"), (47, "Truncated"), (1500, "Truncated"), (65535, "Truncated")]:
        dies(f"total-length-{length}-of-46", datagram(len=length), reason)
    dies("header-checksum-wrong", patched(good, 24, good[24] ^ 1), "BadIpHeader")
    dies("header-checksum-zero", datagram(chksum=0), "BadIpHeader")
    dies("header-time-to-live-changed", patched(good, 22, 63), "BadIpHeader")
    delivered("time-to-live-0", datagram(ttl=0))
    delivered("time-to-live-1", datagram(ttl=1))
    delivered("type-of-service-255", datagram(tos=255))
    delivered("reserved-flag", datagram(flags="evil"))
    delivered("identification-0-dont-fragment", datagram(id=0, flags="DF"))
    case("protocol-tcp", (packet(6, bytes(20)), "dropped UnknownProtocol + answered protocol-unreachable"))
    case("protocol-255", (packet(255, b""), "dropped UnknownProtocol + answered protocol-unreachable"))
    dies("protocol-tcp-broadcast", packet(6, bytes(20), dst="192.0.2.255"), "UnknownProtocol")


def address_cases():
    dies("land", datagram(src=OWN, sport=7), "BadSource")
    dies("land-echo", packet(1, echo(), src=OWN), "BadSource")
    dies("land-broadcast", datagram(src=OWN, dst="192.0.2.255"), "BadSource")
    dies("land-query", igmp_frame(query3(), ALL_SYSTEMS, src=OWN), "BadSource")
    for source in ["127.0.0.1", "127.255.255.255", "224.0.0.1", GROUP, "255.255.255.255", "192.0.2.255", "0.0.0.0"]:
        dies(f"source-{source}", datagram(src=source), "BadSource")
    dies("source-broadcast-echo", packet(1, echo(), src="192.0.2.255"), "BadSource")
    dies("source-0.0.0.0-directed-broadcast", datagram(src="0.0.0.0", dst="192.0.2.255"), "BadSource")
    delivered("source-0.0.0.0-limited-broadcast", datagram(src="0.0.0.0", dst="255.255.255.255"))
    delivered("source-of-the-network", datagram(src="192.0.2.0"))
    delivered("source-outside", datagram(src=OUTSIDE))
    for source in ["240.0.0.1", "255.255.255.254"]:
        delivered(f"source-{source}", datagram(src=source))
    for destination in ["127.0.0.1", "0.0.0.0", "192.0.2.3", "192.0.2.0", "198.51.100.255", "240.0.0.1", OTHER_GROUP, "224.0.0.251"]:
        dies(f"destination-{destination}", datagram(dst=destination, station=OWN_MAC), "NotForUs")
    delivered("destination-limited-broadcast", datagram(dst="255.255.255.255"))
    delivered("destination-directed-broadcast", datagram(dst="192.0.2.255"))
    delivered("destination-group", datagram(dst=GROUP))
    delivered("destination-all-systems", datagram(dst=ALL_SYSTEMS))
    delivered("destination-group-wanted-source", datagram(dst=SOURCE_GROUP))
    dies("destination-group-other-source", datagram(src="192.0.2.10", dst=SOURCE_GROUP), "NotForUs")
    dies("destination-group-closed-port", datagram(dst=GROUP, dport=9), "NoSocket")
    dies("destination-broadcast-closed-port", datagram(dst="192.0.2.255", dport=9), "NoSocket")


def option_cases():
    def optioned(data, **more):
        return datagram(options=[Raw(data)], **more)

    for name, data in [
            ("nops", b"\1\1\1\1"), ("end", b"\0\0\0\0"), ("end-then-garbage", b"\0\xff\xff\xff"), ("record-route", b"\7\x0b\4" + bytes(8) + b"\0"),
            ("record-route-full", b"\7\x0b\x0c" + bytes(8) + b"\0"), ("timestamp", b"\x44\x0c\5\0" + bytes(8)),
            ("timestamp-overflow-15", b"\x44\x0c\x0d\xf0" + bytes(8)), ("timestamp-with-addresses", b"\x44\x0c\5\1" + bytes(8)),
            ("security", b"\x82\x0b" + bytes(9) + b"\0"), ("stream", b"\x88\4\0\1"), ("router-alert", b"\x94\4\0\0"),
            ("router-alert-odd-value", b"\x94\4\xff\xff"), ("commercial-security", b"\x86\x0a\0\0\0\1\1\4\0\0\0\0"), ("traceroute", b"\x52\x0c" + bytes(10)),
            ("mtu-probe", b"\x0b\4\5\xdc"), ("experiment", b"\x1e\4\0\0"), ("unknown-of-no-data", b"\xde\2\1\0"), ("all-40-bytes", b"\1" * 40),
            ("unknown-of-40-bytes", b"\xde\x28" + bytes(38)), ("several", b"\1\x94\4\0\0\7\7\4" + bytes(4))]:
        delivered(f"option-{name}", optioned(data))
    for name, data in [
            ("length-0", b"\7\0\0\0"), ("length-1", b"\x44\1\0\0"), ("beyond-the-header", b"\7\x0b\4\0"), ("length-255", b"\xde\xff\0\0"),
            ("cut-behind-its-type", b"\1\1\1\7"), ("one-byte-too-long", b"\x94\5\0\0"), ("bad-behind-good", b"\x94\4\0\0\7\0\0\0")]:
        dies(f"option-{name}", optioned(data), "BadIpHeader")
    for name, data in [
            ("loose-source-route", b"\x83\7\4" + bytes([192, 0, 2, 3]) + b"\0"), ("strict-source-route", b"\x89\7\4" + bytes([192, 0, 2, 3]) + b"\0"),
            ("loose-source-route-done", b"\x83\7\x08" + bytes([192, 0, 2, 3]) + b"\0"), ("strict-source-route-empty", b"\x89\3\4\0"),
            ("source-route-behind-nops", b"\1\1\1\x83\7\4" + bytes([192, 0, 2, 3]) + b"\0\0"), ("two-source-routes", b"\x83\3\4\x89\3\4\0\0"),
            ("source-route-of-no-length", b"\x83\0\0\0")]:
        dies(f"option-{name}", optioned(data), "SourceRouted")
    dies("option-source-route-in-a-broadcast", optioned(b"\x83\3\4\0", dst="192.0.2.255"), "SourceRouted")
    dies("option-source-route-in-an-echo-request", packet(1, echo(), options=[Raw(b"\x83\3\4\0")]), "SourceRouted")
    case("option-record-route-in-an-echo-request", (packet(1, echo(), options=[Raw(b"\7\7\4" + bytes(5))]), "consumed + answered echo-reply"))


def udp_cases():
    for length in [0, 1, 2, 3, 1471, 1472]:
        delivered(f"udp-{length}-bytes", datagram(length), length)
    delivered("udp-source-port-0", datagram(sport=0))
    case("udp-destination-port-0", (datagram(dport=0), REFUSED))
    case("udp-closed-port", (datagram(dport=9), REFUSED))
    case("udp-closed-port-from-outside", (datagram(dport=9, src=OUTSIDE), REFUSED))
    case("udp-closed-port-with-options", (datagram(dport=9, options=[Raw(b"\1\1\1\1")]), REFUSED))
    delivered("udp-connected-socket", datagram(dport=8))
    case("udp-connected-socket-of-another-peer", (datagram(dport=8, sport=5001), REFUSED))
    for length in [0, 7, 27, 65535]:
        dies(f"udp-length-{length}-of-26", datagram(udp_fields={"len": length}), "BadUdpLength")
    # RFC 768: what lies behind the datagram is not its; the checksum is over the datagram alone.
    short = udp(10)
    delivered("udp-length-shorter-than-the-packet", packet(17, short + b"\xee" * 8), 10)
    delivered("udp-length-8-in-a-longer-packet", packet(17, udp(0) + b"\xee" * 8), 0)
    delivered("udp-without-checksum", datagram(udp_fields={"chksum": 0}))
    good = datagram()
    dies("udp-checksum-wrong", patched(good, 41, good[41] ^ 1), "BadUdpChecksum")
    dies("udp-checksum-ffff", datagram(udp_fields={"chksum": 0xFFFF}), "BadUdpChecksum")
    dies("udp-payload-changed", patched(good, 50, good[50] ^ 0x80), "BadUdpChecksum")
    dies("udp-checksum-without-pseudo-header", packet(17, patched(udp(), 6, *checksum(patched(udp(), 6, 0, 0)).to_bytes(2, "big"))), "BadUdpChecksum")
    dies("udp-checksum-wrong-at-a-closed-port", patched(datagram(dport=9), 50, 0xEE), "NoSocket")
    # A sum of zero is sent as all ones. It is zero when the source port is what the checksum would be without it.
    port = int.from_bytes(udp(sport=0)[6:8], "big")
    assert udp(sport=port)[6:8] == b"\xff\xff"
    delivered("udp-checksum-of-zero", datagram(sport=port))


def icmp_cases():
    for length in [0, 1, 8, 1472]:
        case(f"echo-{length}-bytes", (packet(1, echo(payload(length))), "consumed + answered echo-reply"))
    case("echo-code-5", (packet(1, echo(code=5)), "consumed + answered echo-reply"))
    case("echo-from-outside", (packet(1, echo(), src=OUTSIDE), "consumed + answered echo-reply"))
    case("echo-padded", (packet(1, echo()) + bytes(18), "consumed + answered echo-reply"))
    dies("echo-checksum-wrong", packet(1, patched(echo(), 3, 0xEE)), "BadIcmp")
    dies("echo-checksum-zero", packet(1, patched(echo(), 2, 0, 0)), "BadIcmp")
    for name, destination in [("limited-broadcast", "255.255.255.255"), ("directed-broadcast", "192.0.2.255"), ("all-systems", ALL_SYSTEMS), ("group", GROUP)]:
        dies(f"echo-to-{name}", packet(1, echo(), dst=destination), "IcmpToBroadcast")
    dies("echo-to-another-group", packet(1, echo(), dst=OTHER_GROUP), "NotForUs")
    dies("smurf", packet(1, echo(), src=OUTSIDE, dst="192.0.2.255"), "IcmpToBroadcast")
    dies("echo-reply", packet(1, icmp(0)), "IcmpEchoReply")
    dies("source-quench", packet(1, icmp(4, 0, body=quote())), "IcmpSourceQuench")
    for code in range(4):
        dies(f"redirect-{code}", packet(1, icmp(5, code, bytes([192, 0, 2, 77]), quote())), "IcmpRedirect")
    for name, kind in [("router-advertisement", 9), ("router-solicitation", 10), ("timestamp", 13), ("timestamp-reply", 14), ("information", 15),
                       ("address-mask", 17), ("traceroute", 30), ("extended-echo", 42), ("reserved", 255), ("unassigned", 1)]:
        dies(f"icmp-{name}", packet(1, icmp(kind, body=bytes(12))), "IcmpUnknownType")
    # As Linux tells a connected socket; what may pass is not told.
    told = {2: "ProtocolOption", 3: "ConnectionRefused", 4: "MessageSize", 6: "NetworkUnreachable", 7: "HostDown", 8: "SocketError",
            9: "NetworkUnreachable", 10: "HostUnreachable", 13: "HostUnreachable", 14: "HostUnreachable", 15: "HostUnreachable"}
    for code in [*range(17), 255]:
        outcome = f"consumed + error {told[code]}" if code in told else "consumed"
        case(f"unreachable-{code}", (packet(1, icmp(3, code, body=quote())), outcome))
    case("unreachable-from-a-router", (packet(1, icmp(3, 3, body=quote()), src=OUTSIDE), "consumed + error ConnectionRefused"))
    for mtu in [0, 67, 68, 552, 1499, 1500, 65535]:
        case(f"fragmentation-needed-{mtu}", (packet(1, icmp(3, 4, b"\0\0" + mtu.to_bytes(2, "big"), quote(flags="DF"))), "consumed + error MessageSize"))
    case("time-exceeded-0", (packet(1, icmp(11, 0, body=quote())), "consumed"))
    case("time-exceeded-1", (packet(1, icmp(11, 1, body=quote())), "consumed"))
    case("parameter-problem", (packet(1, icmp(12, 0, b"\x14\0\0\0", quote())), "consumed + error SocketError"))
    case("unreachable-unconnected-socket", (packet(1, icmp(3, 3, body=quote(sport=7))), "consumed"))
    case("unreachable-with-extensions", (packet(1, icmp(3, 3, b"\0\x20\0\0", quote(length=38) + bytes(90) + b"\x20\0\xdf\xff")), "consumed + error ConnectionRefused"))
    case("unreachable-quotes-options", (packet(1, icmp(3, 3, body=quote(options=[Raw(b"\1\1\1\1")], length=32))), "consumed + error ConnectionRefused"))
    # Routers count down, and some break the checksum of what they quote; neither matters.
    case("unreachable-quotes-a-changed-header", (packet(1, icmp(3, 3, body=patched(quote(), 8, 1, 17, 0xBA, 0xD0))), "consumed + error ConnectionRefused"))
    for name, body in [
            ("another-host", quote(src="192.0.2.3")), ("a-closed-port", quote(sport=9)), ("another-peer", quote(dst="192.0.2.10")),
            ("another-port-of-the-peer", quote(dport=5001)), ("tcp", quote(proto=6)), ("icmp", quote(proto=1)), ("a-broadcast-source", quote(src="192.0.2.255"))]:
        dies(f"unreachable-quotes-{name}", packet(1, icmp(3, 3, body=body)), "IcmpUnmatched")
    for name, body in [
            ("version-6", patched(quote(), 0, 0x65)), ("header-length-4", patched(quote(), 0, 0x44)), ("header-length-15", patched(quote(), 0, 0x4F)),
            ("total-length-27", patched(quote(), 2, 0, 27)), ("a-later-fragment", quote(frag=2))]:
        dies(f"unreachable-quotes-{name}", packet(1, icmp(3, 3, body=body)), "BadIcmp")
    dies("unreachable-to-a-broadcast", packet(1, icmp(3, 3, body=quote()), dst="192.0.2.255"), "IcmpToBroadcast")
    dies("unreachable-checksum-wrong", packet(1, patched(icmp(3, 3, body=quote()), 3, 0xEE)), "BadIcmp")


def igmp_cases():
    def asks(name, frame, *reports):
        case(name, (frame, " + ".join(["consumed", *(f"reports {report}" for report in reports)])))

    asks("query-v1", igmp_frame(igmp(0x11), ALL_SYSTEMS), "v1")
    asks("query-v1-from-nobody", igmp_frame(igmp(0x11), ALL_SYSTEMS, src="0.0.0.0"), "v1")
    asks("query-v2", igmp_frame(igmp(0x11, 100), ALL_SYSTEMS), "v2")
    asks("query-v2-group", igmp_frame(igmp(0x11, 10, GROUP), GROUP), "v2")
    asks("query-v3", igmp_frame(query3(), ALL_SYSTEMS), "v3")
    asks("query-v3-group", igmp_frame(query3(group=GROUP), GROUP), "v3")
    asks("query-v3-source", igmp_frame(query3(group=SOURCE_GROUP, sources=[PEER, OUTSIDE]), SOURCE_GROUP), "v3")
    asks("query-v3-source-that-nobody-wants", igmp_frame(query3(group=SOURCE_GROUP, sources=[OUTSIDE]), SOURCE_GROUP))
    asks("query-v3-366-sources", igmp_frame(query3(group=GROUP, sources=[f"10.0.{i // 250}.{i % 250}" for i in range(366)]), GROUP), "v3")
    asks("query-v3-code-of-floating-point", igmp_frame(query3(code=0x80), ALL_SYSTEMS), "v3")
    asks("query-v3-code-0", igmp_frame(query3(code=0), ALL_SYSTEMS), "v3")
    asks("query-v3-robustness-0", igmp_frame(query3(robustness=0), ALL_SYSTEMS), "v3")
    asks("query-v3-reserved-bits", igmp_frame(query3(robustness=0xFA), ALL_SYSTEMS), "v3")
    asks("query-v3-additional-data", igmp_frame(query3(more=b"later"), ALL_SYSTEMS), "v3")
    # RFC 3376 §4.1.12: whatever own address it comes to.
    asks("query-v3-to-the-own-address", igmp_frame(query3(), OWN), "v3")
    asks("query-v3-group-to-the-own-address", igmp_frame(query3(group=GROUP), OWN), "v3")
    asks("query-v3-group-to-all-systems", igmp_frame(query3(group=GROUP), ALL_SYSTEMS), "v3")
    asks("query-v3-group-that-nobody-joined", igmp_frame(query3(group=OTHER_GROUP), ALL_SYSTEMS))
    # RFC 3376 §9.1 would have hosts ignore a query without Router Alert; there are switches that send them, and Linux listens.
    asks("query-v3-without-router-alert", igmp_frame(query3(), ALL_SYSTEMS, alert=False), "v3")
    # RFC 3376 §4: with any other time to live it may have come from afar.
    dies("query-v3-time-to-live-64", igmp_frame(query3(), ALL_SYSTEMS, ttl=64), "BadIgmp")
    # RFC 3376 §9.1: forged.
    dies("query-v3-general-to-a-group", igmp_frame(query3(), GROUP), "BadIgmp")
    dies("query-v3-more-sources-than-there-are", igmp_frame(query3(group=GROUP, sources=[PEER], count=2), GROUP), "BadIgmp")
    dies("query-v3-65535-sources", igmp_frame(query3(group=GROUP, count=65535), GROUP), "BadIgmp")
    dies("query-v3-to-another-group", igmp_frame(query3(group=OTHER_GROUP), OTHER_GROUP), "NotForUs")
    # RFC 3376 §7.1: neither version's length.
    for length in [9, 10, 11]:
        dies(f"query-of-{length}-bytes", igmp_frame(igmp(0x11, 10, more=bytes(length - 8)), ALL_SYSTEMS), "BadIgmp")
    asks("report-v1", igmp_frame(igmp(0x12, 0, GROUP), GROUP))
    asks("report-v2", igmp_frame(igmp(0x16, 0, GROUP), GROUP))
    asks("report-v2-longer", igmp_frame(igmp(0x16, 0, GROUP, more=b"later"), GROUP))
    dies("report-v2-of-a-group-not-joined", igmp_frame(igmp(0x16, 0, OTHER_GROUP), OTHER_GROUP), "NotForUs")
    report3 = igmp(0x22, 0, "0.0.0.1", bytes([4, 0, 0, 0]) + bytes([239, 1, 2, 3]))
    dies("report-v3-to-routers", igmp_frame(report3, "224.0.0.22"), "NotForUs")
    asks("report-v3-to-the-own-address", igmp_frame(report3, OWN))
    dies("leave-to-routers", igmp_frame(igmp(0x17, 0, GROUP), "224.0.0.2"), "NotForUs")
    asks("leave-to-the-group", igmp_frame(igmp(0x17, 0, GROUP), GROUP))
    for name, kind in [("dvmrp", 0x13), ("pim-v1", 0x14), ("mtrace", 0x1F), ("reserved", 0xFF), ("zero", 0)]:
        dies(f"igmp-type-{name}", igmp_frame(igmp(kind), ALL_SYSTEMS), "BadIgmp")
    good = igmp_frame(query3(), ALL_SYSTEMS)
    dies("query-v3-checksum-wrong", patched(good, 41, good[41] ^ 1), "BadIgmp")
    dies("query-v2-checksum-zero", igmp_frame(patched(igmp(0x11, 10), 2, 0, 0), ALL_SYSTEMS), "BadIgmp")
    fragments("query-v3-in-fragments", cut(query3(group=GROUP, sources=[PEER, OUTSIDE]), [8], proto=2, dst=GROUP, ttl=1), KEPT, "consumed + reports v3")


def arp_cases():
    case("arp-request", (arp(), "consumed + answered arp-reply"))
    case("arp-request-to-the-own-station", (arp(to=OWN_MAC), "consumed + answered arp-reply"))
    case("arp-request-padded", (arp() + bytes(18), "consumed + answered arp-reply"))
    case("arp-probe", (arp(sender="0.0.0.0"), "consumed + answered arp-reply"))
    case("arp-request-for-another", (arp(target="192.0.2.77"), "consumed"))
    case("arp-announcement", (arp(target=PEER), "consumed"))
    case("arp-reply-nobody-asked-for", (arp(op=2, sender="192.0.2.77", to=OWN_MAC), "consumed"))
    # RFC 5227 §2.4: the first claim is answered, others soon after are not.
    claim = arp(sender=OWN, sender_mac="02:00:00:00:00:aa", target=OWN)
    case("arp-conflict", (claim, "consumed + answered announcement"), (claim, "consumed"))
    for op in [0, 3, 4, 8, 9, 65535]:
        dies(f"arp-operation-{op}", arp(op=op), "BadArp")
    dies("arp-hardware-token-ring", arp(hwtype=4), "BadArp")
    dies("arp-protocol-ipv6", arp(ptype=0x86DD), "BadArp")
    good = arp()
    dies("arp-hardware-length-8", patched(good, 18, 8), "BadArp")
    dies("arp-protocol-length-16", patched(good, 19, 16), "BadArp")
    dies("arp-sender-broadcast", arp(sender_mac=BROADCAST_MAC), "BadArp")
    dies("arp-sender-group", arp(sender_mac="01:00:5e:01:02:03"), "BadArp")
    dies("arp-sender-zero", arp(sender_mac="00:00:00:00:00:00"), "BadArp")
    dies("arp-other-station", arp(to="02:00:00:00:00:77"), "OtherStation")


def truncations():
    """Frames cut at every byte; and packets that are short, but right for their length."""
    query = igmp_frame(query3(group=GROUP, sources=[PEER]), GROUP)
    fragment_ = piece(payload(16), 0, True)
    answers = {
        "datagram": (datagram(4), "delivered 4"), "echo": (packet(1, echo()), "consumed + answered echo-reply"),
        "query": (query, "consumed + reports v3"), "datagram-with-options": (datagram(4, options=[Raw(b"\1" * 8)]), "delivered 4"),
        "fragment": (fragment_, KEPT), "unreachable": (packet(1, icmp(3, 3, body=quote())), "consumed + error ConnectionRefused"),
    }
    for name, (frame, whole) in answers.items():
        case(f"cut-{name}", *((frame[:length], "dropped Truncated") for length in range(len(frame))), (frame, whole))
    good = arp()
    case("cut-arp", *((good[:length], "dropped Truncated" if length < 14 else "dropped BadArp") for length in range(len(good))),
         (good, "consumed + answered arp-reply"))
    full = udp(8)
    case("short-datagram", *((packet(17, full[:length]), "dropped BadUdpLength") for length in range(len(full))), (packet(17, full), "delivered 8"))
    case("short-echo", *((packet(1, echo()[:length]), "dropped BadIcmp") for length in range(8)),
         *((packet(1, echo(payload(length))), "consumed + answered echo-reply") for length in range(4)))
    case("short-unreachable", *((packet(1, icmp(3, 3, body=quote(length=length))), "dropped BadIcmp") for length in range(28)),
         (packet(1, icmp(3, 3, body=quote(length=28))), "consumed + error ConnectionRefused"))
    case("short-igmp", *((igmp_frame(igmp(0x11, 10)[:length], ALL_SYSTEMS), "dropped BadIgmp") for length in range(8)))
    case("short-query-v3", *((igmp_frame(igmp(0x11, 10, GROUP, bytes([2, 125, 0, 1, *bytes(length)])), GROUP), "dropped BadIgmp") for length in range(4)),
         (igmp_frame(query3(group=GROUP, sources=[PEER]), GROUP), "consumed + reports v3"))


def fragment_cases():
    body = udp(72)
    done = "delivered 72"
    parts = cut(body, [24, 48])
    fragments("fragments-in-order", parts, KEPT, KEPT, done)
    fragments("fragments-backward", parts[::-1], KEPT, KEPT, done)
    fragments("fragments-last-first", [parts[2], parts[0], parts[1]], KEPT, KEPT, done)
    fragments("fragments-of-eight-bytes", cut(body, range(8, 80, 8)), *[KEPT] * 9, done)
    made = [raw(f) for f in fragment(ether() / IP(src=PEER, dst=OWN, id=9) / UDP(sport=5000, dport=7) / Raw(payload(3000)), 1000)]
    fragments("fragments-cut-by-scapy", made, *[KEPT] * (len(made) - 1), "delivered 3000")
    largest = udp(65507)
    fragments("fragments-of-the-longest-datagram", cut(largest, range(16000, 65515, 16000)), *[KEPT] * 4, "delivered 65507")
    fragments("fragments-with-dont-fragment", [with_header_checksum(patched(p, 20, p[20] | 0x40)) for p in parts], KEPT, KEPT, done)
    fragments("fragments-with-options", cut(body, [24], options=[Raw(b"\1\1\1\1")]), KEPT, done)
    fragments("fragments-of-a-broadcast", cut(udp(72, dst="192.0.2.255"), [24], dst="192.0.2.255"), KEPT, done)
    fragments("fragments-of-a-group", cut(udp(72, dst=GROUP), [24], dst=GROUP), KEPT, done)
    fragments("fragments-padded", [p + bytes(22) for p in parts], KEPT, KEPT, done)
    fragments("fragments-without-checksum", cut(udp(72, chksum=0), [24]), KEPT, done)
    fragments("fragments-of-an-echo-request", cut(echo(payload(64)), [24, 48], proto=1), KEPT, KEPT, "consumed + answered echo-reply")
    fragments("fragments-of-a-broadcast-echo-request", cut(echo(payload(64)), [24], proto=1, dst="192.0.2.255"), KEPT, "dropped IcmpToBroadcast")
    fragments("fragments-to-a-closed-port", cut(udp(72, dport=9), [24]), KEPT, REFUSED)
    fragments("fragments-of-another-protocol", cut(payload(48), [24], proto=6), KEPT, "dropped UnknownProtocol + answered protocol-unreachable")
    fragments("fragments-damaged", [parts[0], patched(parts[1], 40, 0xEE), parts[2]], KEPT, KEPT, "dropped BadUdpChecksum")
    fragments("fragments-udp-length-too-long", cut(udp(72, len=90), [24]), KEPT, "dropped BadUdpLength")
    # RFC 791: source, destination, protocol and identification tell packets apart.
    second = cut(udp(72), [24, 48], ident=2)
    fragments("fragments-of-two-datagrams", [parts[0], second[1], second[0], parts[2], parts[1], second[2]], KEPT, KEPT, KEPT, KEPT, done, done)
    other = cut(udp(72, src=OUTSIDE), [24, 48], src=OUTSIDE)
    fragments("fragments-of-two-sources", [parts[0], other[1], other[0], parts[2], parts[1], other[2]], KEPT, KEPT, KEPT, KEPT, done, done)
    pings = cut(echo(payload(72)), [24, 48], proto=1)
    fragments("fragments-of-two-protocols", [parts[0], pings[1], pings[0], parts[2], parts[1], pings[2]],
              KEPT, KEPT, KEPT, KEPT, done, "consumed + answered echo-reply")
    case("fragments-source-route", (parts[0], KEPT), (cut(body, [24], options=[Raw(b"\x83\3\4\0")])[1], "dropped SourceRouted"))
    case("fragment-alone-first", (parts[0], KEPT), (31, "dropped ReassemblyTimeout + answered time-exceeded"))
    case("fragment-alone-later", (parts[1], KEPT), (31, "dropped ReassemblyTimeout"))
    case("fragment-alone-of-a-broadcast", (cut(udp(72, dst="192.0.2.255"), [24], dst="192.0.2.255")[0], KEPT), (31, "dropped ReassemblyTimeout"))


def overlap_cases():
    """Two fragments that overlap kill their packet (RFC 5722), unless one repeats the other.

    Linux does so, too, but for a fragment that lies wholly within what has come: that it takes for a repetition, whatever its
    bytes, and goes on with those that came first.
    """
    body = udp(72)
    evil = b"\xee" * 80
    over = "dropped FragmentOverlap"
    ended = "dropped FragmentLengthChanged"

    def part(start, end, more=True, of=body, **fields):
        return piece(of[start:end], start, more, **fields)

    fragments("overlap-duplicate", [part(0, 24), part(0, 24), part(24, 80, False)], KEPT, "dropped FragmentDuplicate", "delivered 72")
    fragments("overlap-duplicate-last", [part(24, 80, False), part(24, 80, False), part(0, 24)], KEPT, "dropped FragmentDuplicate", "delivered 72")
    # What comes after the death of its packet begins another one.
    fragments("overlap-complete-overlay", [part(0, 24), part(0, 24, of=evil), part(24, 80, False)], KEPT, over, KEPT)
    fragments("overlap-rewrites-the-ports", [part(0, 40), part(0, 8, of=evil), part(40, 80, False)], KEPT, over, KEPT)
    fragments("overlap-tail-of-the-one-before", [part(0, 40), part(32, 64, of=evil)], KEPT, over)
    fragments("overlap-head-of-the-one-behind", [part(32, 64), part(0, 40, of=evil)], KEPT, over)
    fragments("overlap-inside", [part(0, 64), part(16, 32, of=evil)], KEPT, over)
    fragments("overlap-inside-the-same-bytes", [part(0, 64), part(16, 32)], KEPT, over)
    fragments("overlap-around", [part(16, 32), part(0, 64, of=evil)], KEPT, over)
    fragments("overlap-bridge", [part(0, 24), part(48, 72), part(16, 56, of=evil)], KEPT, KEPT, over)
    fragments("overlap-same-start-longer", [part(0, 24), part(0, 32)], KEPT, over)
    fragments("overlap-same-end", [part(0, 24), part(16, 24)], KEPT, over)
    fragments("overlap-last-over-the-one-before", [part(0, 40), part(32, 80, False)], KEPT, over)
    fragments("overlap-fills-the-hole-and-more", [part(0, 24), part(48, 80, False), part(24, 56)], KEPT, KEPT, over)
    # Teardrop: the last fragment ends inside the first one; as it was sent, the first is not of whole units either.
    fragments("teardrop", [piece(payload(36), 0, True), piece(payload(4), 24, False)], "dropped BadFragment", KEPT)
    fragments("teardrop-of-whole-units", [part(0, 40), part(24, 28, False)], KEPT, ended)
    # Bonk: the last one begins behind the end of the first one. Nothing but a gap.
    case("bonk", (part(0, 32), KEPT), (piece(payload(4), 40, False), KEPT), (31, "dropped ReassemblyTimeout + answered time-exceeded"))
    # Jolt and the ping of death: the last one leads beyond 65,535 bytes. Jolt2: that one, again and again.
    death = piece(payload(100), 65480, False, proto=1)
    fragments("ping-of-death", [part(0, 32, of=echo(payload(80)), proto=1), death], KEPT, "dropped FragmentTooLong")
    fragments("jolt", [part(0, 32, of=echo(payload(80)), proto=1), piece(payload(380), 65120, True, proto=1), piece(payload(300), 65400, False, proto=1)],
              KEPT, "dropped BadFragment", "dropped FragmentTooLong")
    jolt2 = piece(payload(9), 65520, False, proto=1)
    fragments("jolt2", [jolt2] * 3, *["dropped FragmentTooLong"] * 3)
    dies("beyond-the-end-by-one", piece(payload(4), 65512, False), "FragmentTooLong")
    case("exactly-to-the-end", (piece(payload(3), 65512, False), KEPT))
    # With the options of its first fragment the packet is longer than there is.
    longest = udp(65507)
    pieces = [piece(longest[:16000], 0, True, options=[Raw(b"\1\1\1\1")]), *cut(longest, range(16000, 65515, 16000))[1:]]
    fragments("too-long-by-its-options", pieces, *[KEPT] * 4, "dropped FragmentTooLong")
    # Rose: a first and a last fragment with nearly everything between them missing.
    rose = [frame for ident in range(3) for frame in (part(0, 32, ident=ident), piece(payload(8), 64800, False, ident=ident))]
    case("rose", *((frame, KEPT) for frame in rose), (31, " + ".join(["dropped ReassemblyTimeout + answered time-exceeded"] * 3)))
    # Of one source 64 packets are kept; its own oldest one gives way.
    case("incomplete-packets", *((part(0, 32, ident=ident), KEPT) for ident in range(64)), (part(0, 32, ident=64), "dropped ReassemblyFull"))
    # RFC 1858: a first fragment without the ports. One that holds just them is good UDP.
    dies("tiny-4-bytes", piece(payload(4), 0, True), "FragmentTooShort")
    dies("tiny-empty", piece(b"", 0, True), "FragmentTooShort")
    fragments("tiny-8-bytes", cut(body, [8]), KEPT, "delivered 72")
    fragments("tiny-tcp-flags-in-the-second", cut(payload(40), [8], proto=6), KEPT, "dropped UnknownProtocol + answered protocol-unreachable")
    dies("empty-later", piece(b"", 24, True), "BadFragment")
    dies("empty-last", piece(b"", 24, False), "BadFragment")
    dies("not-of-whole-units", piece(payload(20), 24, True), "BadFragment")
    # Two ends, or something behind the end.
    fragments("end-twice-shorter", [part(48, 80, False), part(24, 48, False)], KEPT, ended)
    fragments("end-twice-longer", [part(24, 48, False), part(48, 80, False)], KEPT, ended)
    fragments("behind-the-end", [part(24, 48, False), part(48, 72)], KEPT, ended)
    fragments("across-the-end", [part(24, 48, False), part(40, 64)], KEPT, ended)
    fragments("up-to-the-end-with-more-to-come", [part(48, 80, False), part(48, 80)], KEPT, ended)
    fragments("end-before-what-has-come", [part(48, 72), part(24, 48, False)], KEPT, ended)


HEADING = """\
# Made by make_cases.py, which says what the words mean.
"""


def write(folder):
    with (open(os.path.join(folder, "cases.pcap"), "wb") as pcap,
          open(os.path.join(folder, "cases.txt"), "w", encoding="ascii", newline="\n") as text):
        pcap.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, 1))
        text.write(HEADING)
        for name, steps in cases:
            text.write(f"\n{name}\n")
            for frame, outcome in steps:
                if isinstance(frame, int):
                    text.write(f"  wait {frame}: {outcome}\n")
                else:
                    text.write(f"  {outcome}\n")
                    pcap.write(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.split("\n\n")[1])
    for make in [ethernet_cases, header_cases, address_cases, option_cases, udp_cases, icmp_cases, igmp_cases, arp_cases, truncations,
                 fragment_cases, overlap_cases]:
        make()
    write(sys.argv[1])


if __name__ == "__main__":
    main()
