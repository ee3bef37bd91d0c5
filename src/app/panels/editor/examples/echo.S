# Echo: reads a line and says it back, until an empty line. Type into the terminal.
# While read waits, the kernel halts the processor: there is nobody else to run.
#include "syscall.h"

    .text
    .globl _start
_start:
    leaq prompt(%rip), %rsi
    movq $prompt_length, %rdx
    call print

    movq $SYS_read, %rax
    xorl %edi, %edi                 # standard input
    leaq line(%rip), %rsi
    movq $line_size, %rdx
    syscall                         # waits; RAX = bytes read, the newline included
    cmpq $1, %rax
    jle done                        # an empty line, or an error

    movq %rax, %rdx
    leaq line(%rip), %rsi
    call print
    jmp _start

done:
    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall

# print: writes RDX bytes from RSI to standard output.
print:
    movq $SYS_write, %rax
    movq $1, %rdi
    syscall
    ret

    .section .rodata
prompt:
    .ascii "say something> "
    .set prompt_length, . - prompt

    .bss
    .set line_size, 128
line:
    .skip line_size
