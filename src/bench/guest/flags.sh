# How the programs are compiled, for every contestant alike. Read by build.sh and native.sh.

shared="main.c loops.c algorithms.c vectors.c"

# Loops stay the loops that the sources say: no contestant gets work that another does not.
flags="-std=gnu11 -O2 -Wall -Wextra -Werror -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none
  -fno-asynchronous-unwind-tables -fomit-frame-pointer -fno-tree-vectorize -fno-tree-loop-distribute-patterns"
freestanding="-ffreestanding -fno-builtin"

# registers SOURCE: general registers only, but where the work is in XMM registers.
registers() {
  case $1 in
    vectors.c) echo "-msse2 -mfpmath=sse" ;;
    *) echo "-mgeneral-regs-only" ;;
  esac
}
