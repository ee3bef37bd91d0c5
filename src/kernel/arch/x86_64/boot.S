/*
 * boot.S: from the boot loader's 32-bit protected mode to kernel_main in long
 * mode, in the higher half.
 */
#include "msr.h"
#include "paging.h"
#include "segment.h"

#define PHYSICAL(symbol) (symbol - KERNEL_BASE)

#define MB1_MAGIC 0x1badb002
#define MB1_FLAGS 0x00010003    /* page-aligned modules, memory map, address fields below */
#define MB2_MAGIC 0xe85250d6
#define MB2_I386  0

/*
 * A loader looks for these headers in the file's first 8 KiB (multiboot 1) or
 * 32 KiB (multiboot 2). The five address fields spare it reading ELF at all:
 * QEMU's loader refuses ELF64 but accepts them.
 */
    .section .multiboot, "a"
    .balign 8
mb1_header:
    .long MB1_MAGIC
    .long MB1_FLAGS
    .long -(MB1_MAGIC + MB1_FLAGS)
    .long mb1_header            # header_addr
    .long mb1_header            # load_addr
    .long PHYSICAL(load_end)    # load_end_addr
    .long PHYSICAL(kernel_end)  # bss_end_addr
    .long _start                # entry_addr
    .quad 0

    .balign 8
mb2_header:
    .long MB2_MAGIC
    .long MB2_I386
    .long mb2_header_end - mb2_header
    .long -(MB2_MAGIC + MB2_I386 + (mb2_header_end - mb2_header))
    .short 6, 0                 # tag 6: load modules page-aligned
    .long 8
    .short 0, 0                 # tag 0: end
    .long 8
mb2_header_end:

/*
 * _start: the boot loader jumps here. 32-bit protected mode, flat segments,
 * paging off, interrupts off; EAX = loader's magic, EBX = physical address of
 * its information; nothing else can be relied on, no stack either. Linked at
 * its physical address because paging is off.
 */
    .section .boot, "ax"
    .code32
    .globl _start
_start:
    cld
    movl %eax, %edi             # kernel_main's first two arguments;
    movl %ebx, %esi             # CPUID overwrites EAX to EDX

    movl $0x80000000, %eax
    cpuid
    cmpl $0x80000001, %eax
    jb no_long_mode
    movl $0x80000001, %eax
    cpuid
    btl $29, %edx               # CPUID.80000001h:EDX.LM
    jnc no_long_mode

    /* The order is the manual's (SDM vol. 3A, 9.8.5): PAE, CR3, LME, PG. */
    movl %cr4, %eax
    orl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $PHYSICAL(boot_pml4), %eax
    movl %eax, %cr3
    btl $20, %edx               # CPUID.80000001h:EDX.NX; CF lives until the JNC
    movl $IA32_EFER, %ecx
    rdmsr                       # RDMSR and MOV leave CF alone
    jnc 1f
    orl $EFER_NXE, %eax         # without NX this bit is reserved: WRMSR would #GP
1:  orl $EFER_LME, %eax
    wrmsr
    movl %cr0, %eax
    orl $(CR0_PG | CR0_WP), %eax
    movl %eax, %cr0             # EFER.LMA becomes 1; CS.L is 0, so: compatibility mode

    /* A far jump to a descriptor with L=1 is what makes the mode 64-bit. */
    lgdt boot_gdtr
    ljmp $KERNEL_CODE, $long_mode

/* No long mode: say so on COM1, whatever state its UART is in, and stop. */
no_long_mode:
    movl $no_long_mode_text, %esi
    movw $0x3f8, %dx
1:  lodsb
    testb %al, %al
    jz 2f
    outb %al, %dx
    jmp 1b
2:  hlt
    jmp 2b
no_long_mode_text:
    .asciz "Emergence needs a 64-bit CPU: CPUID reports no long mode.\n"

boot_gdtr:
    .short 0x17                 # null, kernel code, kernel data
    .long PHYSICAL(gdt)

/*
 * long_mode: 64-bit code, still at the physical address, which boot_pml4 maps
 * one to one. A near jump has a 32-bit displacement, so the way to the higher
 * half goes through a register.
 */
    .code64
long_mode:
    movq $higher_half, %rax
    jmp *%rax

    .text
higher_half:
    /* IRETQ and exception returns will want a valid SS; SYSCALL will load this same one. */
    movl $KERNEL_DATA, %eax
    movl %eax, %ss
    xorl %eax, %eax             # 64-bit mode uses none of the others, and null keeps ring 3 from
    movl %eax, %ds              # inheriting a selector that the first IRETQ would take away
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movq $nk_boot_stack_top, %rsp
    xorl %ebp, %ebp
    movl %edi, %edi             # bits 63:32 are undefined after the mode switch
    movl %esi, %esi
    call kernel_main            # does not return

/*
 * The tables to cross on: 1 GiB of memory, at 0, at the direct map and at the
 * kernel's link address. One PDPT serves all three, because the direct map and
 * the identity map use its entry 0 and the kernel's address its entry 510.
 * vm_init replaces them by tables that keep write and execute apart.
 */
    .data
    .balign PAGE_SIZE
boot_pml4:
    .quad PHYSICAL(boot_pdpt) + (PTE_P | PTE_W)
    .fill 255, 8, 0
    .quad PHYSICAL(boot_pdpt) + (PTE_P | PTE_W)
    .fill 254, 8, 0
    .quad PHYSICAL(boot_pdpt) + (PTE_P | PTE_W)
boot_pdpt:
    .quad PHYSICAL(boot_pd) + (PTE_P | PTE_W)
    .fill 509, 8, 0
    .quad PHYSICAL(boot_pd) + (PTE_P | PTE_W)
    .quad 0
boot_pd:
    .set frame, 0
    .rept 512
    .quad frame + (PTE_P | PTE_W | PTE_PS)
    .set frame, frame + 0x200000
    .endr

    .bss
    .balign 16
    .globl nk_boot_stack_top
nk_boot_stack:
    .skip 8192
nk_boot_stack_top:
