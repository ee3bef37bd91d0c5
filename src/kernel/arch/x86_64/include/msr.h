/* Control registers and model-specific registers this kernel uses (SDM vol. 3A, 2.5; vol. 4). */
#pragma once

#define CR0_MP (1 << 1)
#define CR0_EM (1 << 2)     /* 1: there is no x87 unit; SSE is #UD too */
#define CR0_TS (1 << 3)     /* 1: the next x87, MMX or SSE instruction is #NM */
#define CR0_NE (1 << 5)     /* x87 errors come as #MF; 0 would send them through the 8259 */
#define CR0_WP (1 << 16)    /* ring 0 obeys read-only pages too */
#define CR0_PG (1 << 31)

#define CR4_PAE  (1 << 5)
#define CR4_PGE  (1 << 7)
#define CR4_OSFXSR     (1 << 9)     /* 1: SSE may be used, and FXSAVE keeps its registers */
#define CR4_OSXMMEXCPT (1 << 10)    /* 1: SSE errors come as #XM; 0 would make them #UD */
#define CR4_SMEP (1 << 20)
#define CR4_SMAP (1 << 21)

#define IA32_APIC_BASE      0x0000001b
#define IA32_EFER           0xc0000080
#define IA32_STAR           0xc0000081
#define IA32_LSTAR          0xc0000082
#define IA32_CSTAR          0xc0000083
#define IA32_FMASK          0xc0000084
#define IA32_FS_BASE        0xc0000100
#define IA32_GS_BASE        0xc0000101
#define IA32_KERNEL_GS_BASE 0xc0000102

#define EFER_SCE (1 << 0)
#define EFER_LME (1 << 8)
#define EFER_NXE (1 << 11)

#define RFLAGS_FIXED (1 << 1)
#define RFLAGS_TF (1 << 8)
#define RFLAGS_IF (1 << 9)
#define RFLAGS_DF (1 << 10)
#define RFLAGS_NT (1 << 14)
#define RFLAGS_AC (1 << 18)
