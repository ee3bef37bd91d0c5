# What the guests of guests.test.ts share: from multiboot to 64-bit mode with the first GiB mapped to itself, exception
# reports, printing. A guest includes this file and defines `main`, which returns to end the run.
    .code32
    .text
    .globl _start
    .long 0x1badb002, 3, -(0x1badb002 + 3)
_start:
    mov $stack_top, %esp
    # PML4[0] -> PDPT[0] -> 512 pages of 2 MiB; PDPT[1] -> page directory of 4 KiB pages for `window`.
    movl $pdpt + 3, pml4
    movl $directory + 3, pdpt
    movl $window_directory + 3, pdpt + 8
    movl $window_table + 3, window_directory
    xor %ecx, %ecx
1:  mov %ecx, %eax
    shl $21, %eax
    or $0x83, %eax
    mov %eax, directory(, %ecx, 8)
    inc %ecx
    cmp $512, %ecx
    jne 1b
    mov %cr4, %eax
    or $0x20, %eax                  # PAE
    mov %eax, %cr4
    mov $pml4, %eax
    mov %eax, %cr3
    mov $0xc0000080, %ecx           # EFER: LME, NXE
    rdmsr
    or $0x900, %eax
    wrmsr
    mov %cr0, %eax
    or $0x80010000, %eax            # PG, WP
    mov %eax, %cr0
    lgdt gdt_pointer
    ljmp $0x08, $long_mode

    .code64
long_mode:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $stack_top, %esp
    # 256 gates to the stubs, which are 16 bytes apart.
    mov $idt, %edi
    mov $stubs, %eax
    mov $256, %ecx
1:  movw %ax, (%rdi)
    movw $0x08, 2(%rdi)
    movw $0x8e00, 4(%rdi)
    mov %eax, %edx
    shr $16, %edx
    movw %dx, 6(%rdi)
    add $16, %edi
    add $16, %eax
    loop 1b
    lidt idt_pointer
    movb $0xff, %al                 # No interrupt from outside until a guest wants one.
    out %al, $0x21
    out %al, $0xa1
    call main
    mov $0, %eax
    out %al, $0xf4
1:  cli
    hlt
    jmp 1b

    .p2align 4
stubs:
    .set vector, 0
    .rept 256
    .p2align 4
    .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17)
    push $0
    .endif
    pushq $vector
    jmp raised
    .set vector, vector + 1
    .endr

# Stack: vector, error code, RIP, CS, RFLAGS, RSP, SS. Vectors from 32 on, and #DB, go to the guest's `interrupt` with
# the vector in RDI and a pointer to RIP in RSI; others are reported, and the guest goes on at the address in R15.
raised:
    push %rax
    push %rcx
    push %rdx
    push %rsi
    push %rdi
    mov 40(%rsp), %edi
    lea 56(%rsp), %rsi
    cmp $32, %edi
    jae 1f
    cmp $1, %edi
    je 1f
    mov $vector_text, %esi
    call say
    mov 48(%rsp), %edi
    mov $error_text, %esi
    call say
    mov 56(%rsp), %rdi
    mov $rip_text, %esi
    call say
    cmpl $14, 40(%rsp)
    jne 2f
    mov %cr2, %rdi
    mov $cr2_text, %esi
    call say
2:  call newline
    mov %r15, 56(%rsp)
    jmp 3f
1:  call interrupt
3:  pop %rdi
    pop %rsi
    pop %rdx
    pop %rcx
    pop %rax
    add $16, %rsp
    iretq

# Sends the text at RSI, which ends with 0.
text:
    push %rax
    push %rdx
    mov $0x3f8, %edx
1:  lodsb
    test %al, %al
    jz 2f
    out %al, %dx
    jmp 1b
2:  pop %rdx
    pop %rax
    ret

# Sends the text at RSI, then RDI in hexadecimal.
say:
    push %rax
    push %rcx
    push %rdx
    push %rsi
    push %rdi
    call text
    mov $0x3f8, %edx
    mov $16, %ecx
1:  rol $4, %rdi
    mov %edi, %eax
    and $15, %eax
    add $'0', %eax
    cmp $'9', %eax
    jbe 2f
    add $'a' - '9' - 1, %eax
2:  out %al, %dx
    loop 1b
    pop %rdi
    pop %rsi
    pop %rdx
    pop %rcx
    pop %rax
    ret

newline:
    push %rsi
    mov $newline_text, %esi
    call text
    pop %rsi
    ret

# report "name", register: a line with the register's value.
    .macro report name, register
    push %rsi
    push %rdi
    mov \register, %rdi
    mov $8f, %esi
    call say
    call newline
    pop %rdi
    pop %rsi
    .section .rodata
8:  .asciz "\name "
    .text
    .endm

    .section .rodata
vector_text: .asciz "vector "
error_text: .asciz " error "
rip_text: .asciz " RIP "
cr2_text: .asciz " CR2 "
newline_text: .asciz "\n"

    .data
    .p2align 3
gdt:
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
    .word . - gdt - 1
    .long gdt
    .p2align 3
idt_pointer:
    .word 0xfff
    .quad idt

    .bss
    .p2align 12
pml4: .skip 4096
pdpt: .skip 4096
directory: .skip 4096
window_directory: .skip 4096
# Linear 40000000h and on, in pages of 4 KiB; empty at first.
window_table: .skip 4096
idt: .skip 4096
    .skip 8192
stack_top:
    .set WINDOW, 0x40000000
    .section .note.GNU-stack, "", @progbits
    .text
