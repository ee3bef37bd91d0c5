# A return address that is not canonical: SYSCALL in the last two bytes below 2^47
# would have SYSRETQ return to 0000800000000000h, which on Intel is a #GP in ring 0.
# The kernel looks at the address first and ends the program.
#include "syscall.h"

    .set TOP_PAGE, 0x00007ffffffff000

    .text
    .globl _start
_start:
    movq $SYS_mmap, %rax            # a page at the very top of ring 3's half, if we may
    movabsq $TOP_PAGE, %rdi
    movq $4096, %rsi
    movq $(PROT_READ | PROT_WRITE | PROT_EXEC), %rdx
    syscall
    movabsq $TOP_PAGE, %rdi
    cmpq %rdi, %rax
    jne refused

    movw $0x050f, 4094(%rdi)        # SYSCALL, in the last two bytes
    movq $SYS_getpid, %rax
    addq $4094, %rdi
    jmp *%rdi

refused:
    movq $SYS_write, %rax
    movq $1, %rdi
    leaq message(%rip), %rsi
    movq $message_length, %rdx
    syscall
    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall

    .section .rodata
message:
    .ascii "the kernel gives nobody the last page below 2^47\n"
    .set message_length, . - message
