#!/usr/bin/env python3
"""Checks a journal from docs/journal-format.md alone, with Python's standard library.

It shares no code and no library with the program that wrote the journal: an independent opinion
on segments, groups, hashes, tree, tiles, checkpoint, cosignature and proofs.

usage: read_journal.py DIR [VERIFIER_KEY]      prints a JSON report, exits 1 on the first fault
"""

import base64
import hashlib
import json
import os
import struct
import sys

PAGE = 4096
DESTROYED = b"bongsu destroyed"


class Fault(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Fault(what)


# CRC32C (Castagnoli), reflected polynomial 0x82f63b78.
TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


# Ed25519 verification, RFC 8032 section 5.1.7, in extended coordinates.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    need(y < P, "a point beyond the field")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    need((x * x - square) % P == 0, "a point not on the curve")
    need(x or not sign, "a negative zero")
    return P - x if x & 1 != sign else x


def decompress(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    x = recover_x(y, sign)
    return (x, y, 1, x * y % P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, m, n, f = f - e, h - g, h + g, e + f
    return (e * m % P, n * f % P, m * n % P, e * f % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def verify_ed25519(public, message, signature):
    need(len(public) == 32 and len(signature) == 64, "a key or signature of another length")
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    need(s < L, "a signature that is not reduced")
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = multiply(s, BASE)
    right = add(r, multiply(int.from_bytes(digest, "little") % L, a))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0
    need(same, "a signature that does not hold")


# The tree: RFC 6962.
def leaf_hash(leaf):
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes) - 1, 2)]
        hashes = pairs + hashes[len(hashes) - len(hashes) % 2 :]
    return hashes[0]


def split(length):
    return 1 << (length - 1).bit_length() - 1


def inclusion(index, hashes):
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if index < k:
        return inclusion(index, hashes[:k]) + [root(hashes[k:])]
    return inclusion(index - k, hashes[k:]) + [root(hashes[:k])]


def root_from_inclusion(index, size, hash, proof):
    """The root that an inclusion proof leads to, from its definition."""
    if size == 1:
        need(not proof, "an inclusion proof that is too long")
        return hash
    need(proof, "an inclusion proof that is too short")
    k = split(size)
    if index < k:
        return node_hash(root_from_inclusion(index, k, hash, proof[:-1]), proof[-1])
    return node_hash(proof[-1], root_from_inclusion(index - k, size - k, hash, proof[:-1]))


def consistency(old, hashes, whole=True):
    if old == len(hashes):
        return [] if whole else [root(hashes)]
    k = split(len(hashes))
    if old <= k:
        return consistency(old, hashes[:k], whole) + [root(hashes[k:])]
    return consistency(old - k, hashes[k:], False) + [root(hashes[:k])]


def roots_from_consistency(old, new, old_root, proof, whole=True):
    """Both roots that a consistency proof leads to, from its definition."""
    if old == new:
        if whole:
            need(not proof, "a consistency proof that is too long")
            return old_root, old_root
        need(len(proof) == 1, "a consistency proof of another length")
        return proof[0], proof[0]
    need(proof, "a consistency proof that is too short")
    k = split(new)
    if old <= k:
        first, second = roots_from_consistency(old, k, old_root, proof[:-1], whole)
        return first, node_hash(second, proof[-1])
    first, second = roots_from_consistency(old - k, new - k, old_root, proof[:-1], False)
    return node_hash(proof[-1], first), node_hash(proof[-1], second)


# Deterministic CBOR, as much of it as genesis needs.
def cbor(data, at=0):
    need(at < len(data), "an item that is cut off")
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    value = short
    if short >= 24:
        need(short <= 27, "an indefinite length")
        width = 1 << short - 24
        value = int.from_bytes(data[at : at + width], "big")
        need(value >= (24, 1 << 8, 1 << 16, 1 << 32)[short - 24], "an integer that is not shortest")
        at += width
    if major == 0:
        return value, at
    if major in (2, 3):
        need(at + value <= len(data), "a string that is cut off")
        piece = data[at : at + value]
        return (piece if major == 2 else piece.decode()), at + value
    need(major == 5, "a type that genesis does not have")
    result, last = {}, -1
    for _ in range(value):
        key, at = cbor(data, at)
        need(isinstance(key, int) and key > last, "keys that do not ascend")
        last = key
        result[key], at = cbor(data, at)
    return result, at


# Segments and groups.
def read_groups(folder):
    """Every whole group in order, as (first index, bytes, head)."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(".segment"))
    sequence, index, journal_id, torn = 0, 0, None, 0
    for number, name in enumerate(names):
        need(name == "%08d.segment" % number, "segment %d is missing" % number)
        data = open(os.path.join(folder, name), "rb").read()
        head = data[:64]
        need(head[:4] == b"BSEG" and int.from_bytes(head[4:8], "big") == crc32c(head[8:]), name + ": first page")
        mark, id_, found, group, first, format_ = struct.unpack(">Q16sQQQH", head[8:58])
        need((found, group, first, format_) == (number, sequence, index, 1), name + ": out of order")
        need(not any(data[58:PAGE]), name + ": first page is not zero to its end")
        need(journal_id in (None, id_), name + ": another journal")
        journal_id, at = id_, PAGE
        while True:
            group = whole_group(data, at, mark, sequence, index)
            if group is None:
                break
            yield journal_id, group
            at += group["length"]
            sequence += 1
            index += group["count"]
        torn = len(data[at:].rstrip(b"\0"))
        for later in range(at + PAGE, len(data), PAGE):
            head = group_head(data, later)
            need(not (head and head[0] == mark and head[1] >= sequence), "%s: damage at offset %d" % (name, at))
        need(not torn or number == len(names) - 1, "%s: damage at offset %d" % (name, at))


def group_head(data, at):
    head = data[at : at + 64]
    if len(head) < 64 or head[:4] != b"BGRP" or int.from_bytes(head[4:8], "big") != crc32c(head[8:]):
        return None
    return struct.unpack(">QQQIIII", head[8:48])


def whole_group(data, at, mark, sequence, index):
    head = group_head(data, at)
    if head is None or head[:3] != (mark, sequence, index):
        return None
    count, leaves, bodies, check = head[3:]
    end = 64 + 24 * count + leaves + bodies
    length = -(-end // PAGE) * PAGE
    group = data[at : at + length]
    table = 64 + 16 * count
    body_area = table + 8 * count + leaves
    if len(group) < length or crc32c(group[table:body_area]) != check or any(group[end:]):
        return None
    entries, leaf_at, body_at = [], table + 8 * count, body_area
    for position in range(count):
        salt = group[64 + 16 * position :][:16]
        body_length, body_check = struct.unpack_from(">II", group, table + 8 * position)
        (leaf_length,) = struct.unpack_from(">H", group, leaf_at)
        leaf = group[leaf_at + 2 : leaf_at + 2 + leaf_length]
        body = group[body_at : body_at + body_length]
        if salt == DESTROYED:
            salt = body = None
        elif crc32c(salt + body) != body_check:
            return None
        entries.append((leaf, salt, body))
        leaf_at += 2 + leaf_length
        body_at += body_length
    if leaf_at != body_area or body_at != end:
        return None
    return {"count": count, "length": length, "entries": entries}


def check_entry(index, last_time, leaf, salt, body):
    need(len(leaf) >= 53 and leaf[0] == 1, "entry %d: header format" % index)
    found, time, kind, _version = struct.unpack_from(">QqHH", leaf, 1)
    need(found == index, "entry %d: found %d" % (index, found))
    need(time >= last_time, "entry %d: time went back" % index)
    need(len(leaf) <= 53 + 64, "entry %d: principal" % index)
    leaf[53:].decode()
    if body is not None:
        digest = hashlib.sha256(b"bongsu/body/001\n" + salt + body).digest()
        need(digest == leaf[21:53], "entry %d: body hash" % index)
    need((kind == 0) == (index == 0), "entry %d: genesis" % index)
    return time


# Notes, checkpoints, tiles.
def key_id(name, algorithm, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def check_checkpoint(note, name, public):
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    origin, size, root_line = text.split("\n")[:3]
    need(origin == name, "checkpoint: origin")
    signed, seconds = False, None
    for line in lines.splitlines():
        dash, who, encoded = line.split(" ")
        blob = base64.b64decode(encoded, validate=True)
        need(dash == "\u2014", "checkpoint: signature line")
        if (who, blob[:4]) == (name, key_id(name, 1, public)):
            verify_ed25519(public, text.encode(), blob[4:])
            signed = True
        if (who, blob[:4]) == (name, key_id(name, 4, public)):
            seconds = int.from_bytes(blob[4:12], "big")
            message = "cosignature/v1\ntime %d\n%s" % (seconds, text)
            verify_ed25519(public, message.encode(), blob[12:])
    need(signed and seconds is not None, "checkpoint: not signed by the journal")
    return int(size), base64.b64decode(root_line, validate=True), seconds


def tile_path(log, folder, index, width):
    parts = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        parts.insert(0, "x%03d" % (index % 1000))
    path = os.path.join(log, "tile", folder, *parts)
    return path if width == 256 else "%s.p/%d" % (path, width)


def check_tiles(log, leaves):
    """Every tile and bundle that a tree of these leaves asks for; the number of files."""
    level, hashes, files = 0, [leaf_hash(leaf) for leaf in leaves], 0
    while hashes:
        for start in range(0, len(hashes), 256):
            tile = hashes[start : start + 256]
            path = tile_path(log, str(level), start // 256, len(tile))
            need(open(path, "rb").read() == b"".join(tile), path + ": not the hashes of the entries")
            files += 1
            if level == 0:
                bundle = b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves[start : start + 256])
                path = tile_path(log, "entries", start // 256, len(tile))
                need(open(path, "rb").read() == bundle, path + ": not the entries")
                files += 1
        hashes = [root(hashes[start : start + 256]) for start in range(0, len(hashes) - 255, 256)]
        level += 1
    return files


def check_proofs(hashes):
    """An inclusion proof for each entry and a consistency proof from each size, or a sample."""
    size, whole = len(hashes), root(hashes)
    step = max(1, size // 40)
    for index in list(range(0, size, step)) + [size - 1]:
        proof = inclusion(index, hashes)
        need(root_from_inclusion(index, size, hashes[index], proof) == whole, "inclusion of %d" % index)
        old = index + 1
        proof = consistency(old, hashes)
        first, second = roots_from_consistency(old, size, root(hashes[:old]), proof)
        need((first, second) == (root(hashes[:old]), whole), "consistency from %d" % old)


def check_tlog_proof(path, leaves, name, public):
    """A proof as the program exported it."""
    proof, _, checkpoint = open(path, encoding="utf-8").read().partition("\n\n")
    first, index, *hashes = proof.split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and index.startswith("index "), path)
    index, hashes = int(index[6:]), [base64.b64decode(line, validate=True) for line in hashes]
    size, expected, _ = check_checkpoint(checkpoint, name, public)
    need(root_from_inclusion(index, size, leaf_hash(leaves[index]), hashes) == expected, path + ": root")


def main(folder, verifier=None, proof=None):
    leaves, destroyed, last_time, genesis = [], 0, 0, None
    for journal_id, group in read_groups(os.path.join(folder, "segments")):
        for leaf, salt, body in group["entries"]:
            last_time = check_entry(len(leaves), last_time, leaf, salt, body)
            if not leaves:
                genesis, end = cbor(body)
                need(end == len(body) and genesis[0] == journal_id and genesis[4] == 1, "genesis")
            destroyed += body is None
            leaves.append(leaf)
    name, public = "bongsu.journal/" + genesis[0].hex(), genesis[8]
    if verifier:
        given, id_, encoded = verifier.split("+", 2)
        key = base64.b64decode(encoded, validate=True)
        need(key[:1] == b"\x01" and bytes.fromhex(id_) == key_id(given, 1, key[1:]), "verifier key")
        need((given, key[1:]) == (name, public), "genesis names another key")
    log = os.path.join(folder, "log")
    size, signed_root, seconds = check_checkpoint(open(os.path.join(log, "checkpoint"), encoding="utf-8").read(), name, public)
    need(size <= len(leaves), "fewer entries than were signed for")
    hashes = [leaf_hash(leaf) for leaf in leaves]
    need(root(hashes[:size]) == signed_root, "the root is not the one signed for")
    files = check_tiles(log, leaves[:size])
    check_proofs(hashes)
    if proof:
        check_tlog_proof(proof, leaves, name, public)
    report = {"size": len(leaves), "signed": size, "seconds": seconds, "destroyed": destroyed, "files": files}
    report.update(root=root(hashes).hex(), role=genesis[2], origin=name)
    print(json.dumps(report))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (Fault, OSError, ValueError, KeyError, struct.error) as fault:
        print("fault: %s" % fault, file=sys.stderr)
        sys.exit(1)
