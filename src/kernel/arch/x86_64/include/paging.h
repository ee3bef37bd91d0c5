/* Page-table entry bits (SDM vol. 3A, 4.5) and the kernel's address map. */
#pragma once

#define PAGE_SIZE 0x1000

#define PTE_P  0x001        /* present */
#define PTE_W  0x002        /* writable */
#define PTE_U  0x004        /* CPL 3 may use it: must be 1 at every level of the walk */
#define PTE_PCD 0x010       /* not cached: for devices */
#define PTE_PS 0x080        /* in a PDE: 2 MiB page */
#define PTE_G  0x100        /* global: survives MOV to CR3 when CR4.PGE is 1 */

/* Where the kernel is linked: the last 2 GiB, so that -mcmodel=kernel can reach it. */
#define KERNEL_BASE  0xffffffff80000000
/* All RAM, from physical address 0, writable and never executable. */
#define DIRECT_MAP   0xffff800000000000
#define DIRECT_MAP_SIZE 0x8000000000    /* one PML4 entry: 512 GiB */
/* One 16 KiB slot per process: a guard page, a hole, then the kernel stack. */
#define KSTACK_AREA  0xffffffffc0000000
/* Registers of devices that lie in memory: one page each. */
#define DEVICE_AREA  0xffffffffd0000000
/* Ring 3 lives below this: the end of the lower canonical half. */
#define USER_END     0x0000800000000000
#define USER_STACK_TOP 0x00007ffffffff000

#ifndef __ASSEMBLER__
#define PTE_NX (1ul << 63)  /* needs EFER.NXE, else it is a reserved bit */
#define PTE_ADDRESS 0x000ffffffffff000ul
#endif
