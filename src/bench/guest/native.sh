#!/bin/sh
# native.sh FILE: builds the programs as a process of this host, with the flags of the guests.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. ./flags.sh

objects=
for source in native.c $shared; do
  # shellcheck disable=SC2046,SC2086
  ${CC:-gcc} -m64 $flags $(registers "$source") -c "$source" -o "$work/$source.o"
  objects="$objects $work/$source.o"
done
# shellcheck disable=SC2086
${CC:-gcc} -no-pie -o "$1" $objects
