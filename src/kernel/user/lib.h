/* lib.h: what user programs in C stand on: system calls, printf, strings. */
#pragma once

#include "syscall.h"

typedef unsigned long size_t;

#define NULL ((void *)0)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* SYSCALL with up to three arguments: RCX and R11 are destroyed by the CPU, memory by the kernel. */
static inline long syscall(long number, long a, long b, long c)
{
    long result;
    asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}

static inline long write(int fd, const void *buffer, size_t count)
{
    return syscall(SYS_write, fd, (long)buffer, (long)count);
}

static inline void __attribute__((noreturn)) exit(int code)
{
    syscall(SYS_exit, code, 0, 0);
    __builtin_unreachable();
}

static inline long read(int fd, void *buffer, size_t count)
{
    return syscall(SYS_read, fd, (long)buffer, (long)count);
}

static inline void *mmap(void *address, size_t length, int protection)
{
    return (void *)syscall(SYS_mmap, (long)address, (long)length, protection);
}

static inline long munmap(void *address, size_t length)
{
    return syscall(SYS_munmap, (long)address, (long)length, 0);
}

static inline char *brk(void *end)
{
    return (char *)syscall(SYS_brk, (long)end, 0, 0);
}

static inline long getpid(void)
{
    return syscall(SYS_getpid, 0, 0, 0);
}

static inline long yield(void)
{
    return syscall(SYS_yield, 0, 0, 0);
}

static inline long fork(void)
{
    return syscall(SYS_fork, 0, 0, 0);
}

static inline long waitpid(long pid, int *code)
{
    return syscall(SYS_waitpid, pid, (long)code, 0);
}

static inline long exec(const char *line)
{
    return syscall(SYS_exec, (long)line, 0, 0);
}

static inline long sleep(long milliseconds)
{
    return syscall(SYS_sleep, milliseconds, 0, 0);
}

static inline long uptime(void)
{
    return syscall(SYS_uptime, 0, 0, 0);
}

static inline long info(int kind, long index, void *record)
{
    return syscall(SYS_info, kind, index, (long)record);
}

/* One line, one write: lines of several processes do not mix. %s %c %d %u %x, l, width, leading 0. */
void printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
size_t strlen(const char *s);
int same(const char *a, const char *b);
