# userprog.S: the documented user program. It says that ring 3 works, by SYSCALL,
# and exits. SYSCALL keeps every register except RAX (the result), RCX and R11.
#include "syscall.h"

    .section .text.start, "ax"
    .globl _start
_start:
    # sys_write(1, "RING3 OK\n", 9)
    movq $SYS_write, %rax
    movq $1, %rdi                   # standard output
    leaq message(%rip), %rsi
    movq $message_length, %rdx
    syscall
    # sys_exit(0); back here with the count in RAX
    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall
1:  jmp 1b                          # not reached: exit does not return

    .section .rodata
message:
    .ascii "RING3 OK\n"
    .set message_length, . - message
