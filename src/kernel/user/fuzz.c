/*
 * fuzz.c: 10,000 random system calls with random arguments, from a fixed seed,
 * while a bystander looks after its own memory.
 */
#include "lib.h"

#define CALLS 10000
#define PAGE 4096

static unsigned long seed = 0x9e3779b97f4a7c15;

/* xorshift64 */
static unsigned long random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static long argument(void)
{
    static const unsigned long interesting[] = {
        0, 1, 2, PAGE, 0x400000, 0x401000, 0x10000000, 0x700000000000, 0x7ffffffff000, 0x7fffffffffff,
        0x800000000000, 0xffff800000000000, 0xffffffff80100000, -1ul, -PAGE,
    };
    unsigned long r = random();

    switch (r & 3) {
    case 0:
        return (long)interesting[(r >> 8) % COUNT(interesting)];
    case 1:
        return (long)((r >> 8) & 0xfff);
    case 2:
        return (long)(interesting[(r >> 8) % COUNT(interesting)] + ((r >> 16) & 0xffff));
    default:
        return (long)random();
    }
}

/*
 * One call. Left out: what would end or block the caller for ever, or fill the
 * terminal. A fork's child does the rest of its parent's life in a line: it ends.
 */
static void one(void)
{
    long number = (long)(random() % 24), a = argument(), b = argument(), c = argument();

    if (number == SYS_exit || (number == SYS_read && a == 0))
        return;
    if (number == SYS_write && (a == 1 || a == 2))
        a = 7;
    if (number == SYS_sleep)
        a = random() % 256 == 0;    /* seldom: a tick is long */
    if (number == SYS_munmap && (unsigned long)a < 0x10000000)
        return;                 /* its own text */
    if (number == SYS_munmap && (unsigned long)a + (unsigned long)b > 0x7fffff000000)
        return;                 /* its own stack */
    if (syscall(number, a, b, c) == 0 && number == SYS_fork)
        exit(0);
}

static void __attribute__((noreturn)) fuzz(void)
{
    int code;

    for (int i = 0; i < CALLS; i++) {
        one();
        if (i % 16 == 15)
            while (waitpid(-1, &code) > 0)
                ;
    }
    exit(0);
}

/* Fills pages with a pattern and checks them until its parent's signal: the fuzzer's end. */
static void __attribute__((noreturn)) bystander(long fuzzer)
{
    char *pages = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE);
    struct process_info process;
    int alive = 1;

    for (int i = 0; i < 8 * PAGE; i++)
        pages[i] = (char)(i * 7);
    while (alive) {
        alive = 0;
        for (long i = 0; info(INFO_PROCESS, i, &process) == 0; i++)
            alive |= process.pid == fuzzer && !same(process.state, "zombie");
        for (int i = 0; i < 8 * PAGE; i++)
            if (pages[i] != (char)(i * 7))
                exit(1);
        yield();
    }
    exit(0);
}

int main(void)
{
    struct memory_info before, after;
    int code = -1;

    info(INFO_MEMORY, 0, &before);
    long fuzzer = fork();
    if (fuzzer == 0)
        fuzz();
    long watcher = fork();
    if (watcher == 0)
        bystander(fuzzer);
    waitpid(watcher, &code);
    printf("bystander: exit code %d\n", code);
    waitpid(fuzzer, &code);
    printf("%d random system calls: exit code %d\n", CALLS, code);
    info(INFO_MEMORY, 0, &after);
    printf("frames in use: %ld more than before\n", (long)(after.frames_used - before.frames_used));
    return 0;
}
