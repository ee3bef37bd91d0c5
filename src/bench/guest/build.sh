#!/bin/sh
# build.sh [DIRECTORY]: builds bench32.bin, bench64.bin and pingpong.elf, by default beside itself. The same gcc and
# binutils give the same bytes. No header and no library of either word size is needed.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. ./flags.sh

# Sources that the guests share with native.c; which ones use XMM registers is said in flags.sh.
for bits in 32 64; do
  objects=
  for source in header.S start$bits.S serial.c $shared; do
    # shellcheck disable=SC2046,SC2086
    ${CC:-gcc} -m$bits $flags $freestanding $(registers "$source") -c "$source" -o "$work/$bits-$source.o"
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

# shellcheck disable=SC2046,SC2086
${CC:-gcc} -m64 $flags $freestanding $(registers pingpong.c) -I../../kernel/arch/x86_64/include -c pingpong.c \
  -o "$work/pingpong.o"
${LD:-ld} -nostdlib -static -z max-page-size=4096 -z noexecstack --build-id=none -T ../../kernel/user/user.ld \
  -o "$out/pingpong.elf" "$work/pingpong.o"
chmod 644 "$out"/bench32.bin "$out"/bench64.bin "$out"/pingpong.elf
