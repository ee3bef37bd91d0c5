#!/bin/sh
# build.sh [DIRECTORY]: builds the guests into DIRECTORY, by default this folder.
# The same sources and binutils give the same bytes.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# guest NAME BITS
guest() {
  gcc "-m$2" -c "$1.S" -o "$work/$1.o"
  emulation=elf_i386
  [ "$2" = 64 ] && emulation=elf_x86_64
  ld -m $emulation -T "$1.ld" -nostdlib -static -z noexecstack --no-warn-rwx-segments --build-id=none \
    -o "$work/$1.elf" "$work/$1.o"
  # QEMU's Multiboot loader takes 32-bit files only.
  objcopy -O elf32-i386 "$work/$1.elf" "$out/$1.elf"
}
guest long 64
guest legacy 32
chmod 644 "$out"/*.elf
