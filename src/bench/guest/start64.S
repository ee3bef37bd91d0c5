/*
 * _start: from multiboot's 32-bit protected mode to 64-bit mode, the first GiB
 * mapped one to one by 2 MiB pages that ring 3 may use too. Interrupts stay off.
 */
#define KERNEL_CODE 0x08
#define KERNEL_DATA 0x10        /* STAR: SYSCALL loads SS from CS + 8 */
#define USER_BASE   0x10        /* SYSRETQ loads CS = base + 16, SS = base + 8 */

#define IA32_EFER  0xc0000080
#define IA32_STAR  0xc0000081
#define IA32_LSTAR 0xc0000082
#define IA32_FMASK 0xc0000084

    .text
    .code32
    .globl _start
_start:
    movl %cr4, %eax
    orl $0x620, %eax            # PAE, OSFXSR, OSXMMEXCPT
    movl %eax, %cr4
    movl $pml4, %eax
    movl %eax, %cr3
    movl $IA32_EFER, %ecx
    rdmsr
    orl $0x101, %eax            # LME, SCE
    wrmsr
    movl %cr0, %eax
    orl $0x80000000, %eax       # PG: EFER.LMA follows
    movl %eax, %cr0
    lgdt gdtr
    ljmp $KERNEL_CODE, $long_mode

    .code64
long_mode:
    movl $KERNEL_DATA, %eax
    movl %eax, %ss
    movl $stack_top, %esp

    movl $IA32_STAR, %ecx
    xorl %eax, %eax
    movl $((USER_BASE | 3) << 16 | KERNEL_CODE), %edx
    wrmsr
    movl $IA32_LSTAR, %ecx
    movl $entry, %eax
    xorl %edx, %edx
    wrmsr
    movl $IA32_FMASK, %ecx
    movl $0x44700, %eax         # AC, NT, DF, IF, TF
    wrmsr
    call bench_main

/*
 * round_trips(n): goes to ring 3, which makes 100,000 * n system calls of
 * number 0 and one of number 1, which comes back here. Returns n.
 */
    .globl round_trips
round_trips:
    pushq %rbx
    movq %rsp, kernel_rsp
    movl %edi, %ebx
    imull $100000, %edi, %edi
    movl $user, %ecx
    movl $0x2, %r11d
    sysretq

/* Ring 3. */
user:
    testl %edi, %edi
    jz 2f
1:  xorl %eax, %eax
    syscall
    decl %edi
    jnz 1b
2:  movl $1, %eax
    syscall

/* LSTAR: what a kernel's stub cannot do without, and no more. */
entry:
    testl %eax, %eax
    jnz 1f
    sysretq
1:  movq kernel_rsp, %rsp
    movl %ebx, %eax
    popq %rbx
    ret

    .data
    .balign 8
gdt:
    .quad 0
    .quad 0x00209a0000000000    # 08 kernel code, L=1
    .quad 0x0000920000000000    # 10 kernel data
    .quad 0x0000f20000000000    # 18 user data
    .quad 0x0020fa0000000000    # 20 user code, L=1
gdtr:
    .short . - gdt - 1
    .long gdt
    .balign 8
kernel_rsp:
    .quad 0

    .balign 4096
pml4:
    .quad pdpt + 7              # P, W, U
    .fill 511, 8, 0
pdpt:
    .quad pd + 7
    .fill 511, 8, 0
pd:
    .set frame, 0
    .rept 512
    .quad frame + 0x87          # P, W, U, PS
    .set frame, frame + 0x200000
    .endr

    .bss
    .balign 16
    .skip 16384
stack_top:
