#!/bin/sh
# build.sh [DIRECTORY]: builds the guests into DIRECTORY, by default this folder.
# The same sources and binutils give the same bytes.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
for name in long; do
  gcc -c "$name.S" -o "$work/$name.o"
  ld -T "$name.ld" -nostdlib -static -z noexecstack --no-warn-rwx-segments --build-id=none -o "$work/$name.elf" "$work/$name.o"
  # QEMU's Multiboot loader takes 32-bit files only.
  objcopy -O elf32-i386 "$work/$name.elf" "$out/$name.elf"
done
chmod 644 "$out"/*.elf
