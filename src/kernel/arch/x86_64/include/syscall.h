/*
 * System call numbers (1 and 2 are the document's), error codes and the records
 * that cross the ring boundary. Read by the kernel and by user programs, C and
 * assembly.
 *
 * RAX = number; RDI, RSI, RDX, R10, R8, R9 = arguments; RAX = result, or minus
 * an error code. SYSCALL destroys RCX and R11; everything else survives.
 */
#pragma once

#define SYS_write       1   /* (fd, buffer, count) -> bytes written */
#define SYS_exit        2   /* (code) */
#define SYS_read        3   /* (fd, buffer, count) -> bytes read; 0 at end of input; waits for a line */
#define SYS_mmap        4   /* (address or 0, length, PROT bits) -> address of zeroed pages */
#define SYS_munmap      5   /* (address, length) */
#define SYS_brk         6   /* (new end of the heap or 0) -> end of the heap */
#define SYS_getpid      7   /* () -> process id */
#define SYS_yield       8   /* () */
#define SYS_fork        9   /* () -> child's id, or 0 in the child */
#define SYS_waitpid    10   /* (pid or -1, int *code or 0) -> id of the child that ended */
#define SYS_exec       11   /* ("name argument...") -> only on error */
#define SYS_sleep      12   /* (milliseconds) */
#define SYS_uptime     13   /* () -> milliseconds since the timer started */
#define SYS_info       14   /* (INFO kind, index, record) -> 0, or -ENOENT past the last */
#define SYS_return_by  15   /* (RETURN way): how this process's SYSCALLs go back to ring 3 */

#define SYS_COUNT      16

#define PROT_READ  1
#define PROT_WRITE 2
#define PROT_EXEC  4

#define INFO_PROCESS 0
#define INFO_MODULE  1
#define INFO_MEMORY  2

#define RETURN_SYSRETQ 0
#define RETURN_IRETQ   1

/* The other doors to the same dispatcher. */
#define SYSCALL_INTERRUPT 0x80      /* int $0x80 */
#define SYSCALL_GATE      0x3b      /* far call to GDT slot 38h, RPL 3 */

#define ENOENT  2
#define E2BIG   7
#define ENOEXEC 8
#define EBADF   9
#define ECHILD 10
#define EAGAIN 11
#define ENOMEM 12
#define EFAULT 14
#define EEXIST 17
#define EINVAL 22
#define ENOSYS 38

/* A process that an exception ends has this exit code plus the vector. */
#define EXIT_KILLED 128

#define NAME_SIZE 32
#define LINE_SIZE 128       /* a program's name and arguments */

#ifndef __ASSEMBLER__
struct process_info {
    int pid, parent;
    char state[16];
    unsigned long ticks;    /* timer interrupts that found it running */
    char name[NAME_SIZE];
};

struct module_info {
    char name[NAME_SIZE];
    unsigned long size;     /* bytes */
};

struct memory_info {
    unsigned long frames_used, frames_total;    /* of 4 KiB */
};
#endif
