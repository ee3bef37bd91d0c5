#!/bin/sh
# build.sh [DIRECTORY]: builds the kernel and the user programs into DIRECTORY,
# by default public/kernel. The same sources, gcc and binutils give the same bytes
# wherever the checkout lies: every path the compiler sees is relative to this folder.
set -eu
cd "$(dirname "$0")"
out=${1:-../../public/kernel}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

here=$(pwd)
common="-g -gdwarf-4 -ffile-prefix-map=$here=. -ffile-prefix-map=$work=."
freestanding="-std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -fno-builtin -fno-pic -fno-pie
  -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables"
general="-mgeneral-regs-only -mno-sse -mno-mmx -mno-red-zone"

# object FLAGS SOURCE: compiles one file; prints the object's path.
object() {
  target=$work/$(echo "$2" | tr / _).o
  # shellcheck disable=SC2086
  ${CC:-gcc} $common $1 -c "$2" -o "$target"
  echo "$target"
}

kernel_flags="$freestanding $general -mcmodel=kernel -Iarch/x86_64/include"
objects=
for source in arch/x86_64/*.S arch/x86_64/*.c core/*.c; do
  made=$(object "$kernel_flags" "$source")
  objects="$objects $made"
done
link="${LD:-ld} -nostdlib -static -z max-page-size=4096 -z noexecstack --build-id=none"

# text_symbols FILE: the names in the kernel's text with their addresses, in order.
text_symbols() {
  nm -n "$1" | grep -i ' t ' | grep '^ffffffff'
}

# symbol_table: reads text_symbols' lines, writes the assembly of the table that core/symbols.c reads.
symbol_table() {
  echo '    .section .rodata'
  echo '    .balign 8'
  echo '    .globl symbol_table, symbol_table_end'
  echo 'symbol_table:'
  awk '{ print "    .quad 0x" $1 ", 9f"; print "    .section .rodata.names"; print "9:  .asciz \"" $3 "\"";
         print "    .section .rodata" }'
  echo 'symbol_table_end:'
}

# Twice: the second time with the table made from the first. It lies behind the
# text, whose addresses therefore stay; make sure of that.
symbol_table </dev/null >"$work/symbols0.S"
${CC:-gcc} -c "$work/symbols0.S" -o "$work/symbols0.o"
# shellcheck disable=SC2086
$link -T kernel.ld -o "$work/first.elf" $objects "$work/symbols0.o"
text_symbols "$work/first.elf" >"$work/first.txt"
symbol_table <"$work/first.txt" >"$work/symbols1.S"
${CC:-gcc} -c "$work/symbols1.S" -o "$work/symbols1.o"
# shellcheck disable=SC2086
$link -T kernel.ld -o "$out/emergence.elf" $objects "$work/symbols1.o"
text_symbols "$out/emergence.elf" >"$work/second.txt"
cmp "$work/first.txt" "$work/second.txt"

user_common="-mcmodel=small -Iarch/x86_64/include -Iuser"
user_flags="$freestanding $general $user_common"
float_flags="$freestanding -mno-red-zone -march=x86-64-v2 -fno-math-errno $user_common"

# program NAME OBJECT...: links a user program.
program() {
  name=$1
  shift
  $link -T user/user.ld -o "$out/$name.elf" "$@"
}

# An assignment, unlike an argument, passes on that its command failed.
main=$(object "$user_flags" user/userprog.S)
program userprog "$main"
start=$(object "$user_flags" user/start.S)
library=$(object "$user_flags" user/lib.c)
for source in user/*.c; do
  [ "$source" = user/lib.c ] && continue
  main=$(object "$user_flags" "$source")
  program "$(basename "$source" .c)" "$start" "$main" "$library"
done
for source in user/float/*.c; do
  main=$(object "$float_flags" "$source")
  program "$(basename "$source" .c)" "$start" "$main" "$library"
done
# What the page links with the assembly that a person has changed: the objects of the C sources, in the order of the link.
rm -f "$out/kernel.a"
# shellcheck disable=SC2086
(cd "$work" && ${AR:-ar} rcD kernel.a $(for object in $objects; do basename "$object"; done | grep "\.c\.o$"))
cp "$work/kernel.a" "$out/kernel.a"
chmod 644 "$out"/*.elf "$out/kernel.a"
