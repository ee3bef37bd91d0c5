#!/bin/sh
# build.sh [DIRECTORY]: builds bench32.bin and bench64.bin, by default beside itself. The same gcc and
# binutils give the same bytes. No header and no library of either word size is needed.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# General registers only, and loops stay the loops that the sources say: neither emulator gets work the other does not.
flags="-std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -fno-builtin -fno-pic -fno-pie -fno-stack-protector
  -fcf-protection=none -fno-asynchronous-unwind-tables -fomit-frame-pointer -mgeneral-regs-only
  -fno-tree-vectorize -fno-tree-loop-distribute-patterns"

for bits in 32 64; do
  objects=
  for source in header.S start$bits.S main.c programs.c; do
    # shellcheck disable=SC2086
    ${CC:-gcc} -m$bits $flags -c "$source" -o "$work/$bits-$source.o"
    objects="$objects $work/$bits-$source.o"
  done
  emulation=elf_i386
  [ $bits = 64 ] && emulation=elf_x86_64
  # shellcheck disable=SC2086
  ${LD:-ld} -m $emulation -nostdlib -static -z noexecstack --no-warn-rwx-segments --build-id=none -e _start -T bench.ld \
    -o "$work/bench$bits.elf" $objects
  ${OBJCOPY:-objcopy} -O binary "$work/bench$bits.elf" "$out/bench$bits.bin"
  [ -n "${KEEP_ELF:-}" ] && cp "$work/bench$bits.elf" "$out/"
done
chmod 644 "$out"/bench32.bin "$out"/bench64.bin
