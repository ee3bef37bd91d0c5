#include "syscall.h"

    .text
    .globl _start
_start:
    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall
