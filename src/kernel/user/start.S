# start.S: where C programs begin. At entry RSP points at argc, argv[] follows
# (exec.c), and RSP is 16-byte aligned, as a CALL expects.
#include "syscall.h"

    .section .text.start, "ax"
    .globl _start
_start:
    movq (%rsp), %rdi
    leaq 8(%rsp), %rsi
    xorl %ebp, %ebp                 # the outermost frame
    call main
    movl %eax, %edi
    movq $SYS_exit, %rax
    syscall
1:  jmp 1b
