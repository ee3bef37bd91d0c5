/* Selectors and the GDT's order. Read by C and by assembly. */
#pragma once

/*
 * SYSRETQ loads CS with STAR[63:48] + 16 and SS with STAR[63:48] + 8 (SDM vol.
 * 2B, SYSRET), so user data must stand directly before user code. SYSCALL loads
 * CS with STAR[47:32] and SS with STAR[47:32] + 8, so kernel data must stand
 * directly after kernel code.
 */
#define KERNEL_CODE 0x08
#define KERNEL_DATA 0x10
#define USER_DATA   0x18
#define USER_CODE   0x20
#define TSS_SELECTOR 0x28   /* 16 bytes: slots 28h and 30h */
#define GATE_SELECTOR 0x38  /* 16 bytes: the call gate, slots 38h and 40h */
#define RPL3        3

/* STAR[63:48]: the base SYSRET counts from. STAR[47:32]: the base SYSCALL counts from. */
#define STAR_SYSRET_BASE  (KERNEL_DATA | RPL3)
#define STAR_SYSCALL_BASE KERNEL_CODE

/* Entries of the TSS's interrupt stack table. */
#define IST_DOUBLE_FAULT  1
#define IST_NMI           2
#define IST_MACHINE_CHECK 3

/* What the document wrote: SYSRET's base and SYSCALL's base, each in the other's place. */
#define DOCUMENTED_STAR_SYSRET_BASE  0x0008
#define DOCUMENTED_STAR_SYSCALL_BASE 0x0018
