/*
 * registers.c: three processes, each of which fills every x87 and SSE register and
 * both control words with bytes of its own, runs until the timer has taken the CPU
 * from it some times, and looks whether all is as it was.
 */
#include "lib.h"

#define PROCESSES 3
#define TURNS 3

/* What FXSAVE64 writes (SDM vol. 2A). */
struct image {
    unsigned short fcw, fsw;
    unsigned char tags, reserved0;
    unsigned short opcode;
    unsigned long ip, data;
    unsigned mxcsr, mxcsr_mask;
    struct { unsigned char bytes[10], reserved[6]; } st[8];
    unsigned char xmm[16][16];
    unsigned char reserved1[96];
} __attribute__((aligned(16)));

static struct image left, found;

static unsigned char next_byte(unsigned *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return (unsigned char)(*seed >> 24);
}

/* Every exception stays masked and no x87 error is pending; the rest differs from process to process. */
static void fill(struct image *image, int number)
{
    unsigned seed = (unsigned)number * 77777;

    asm volatile("fxsave64 %0" : "=m"(*image));
    image->fcw = (unsigned short)(0x007f | number << 10 | (number == 1 ? 0x200 : 0x300));
    image->fsw = (unsigned short)((7 - number) << 11 | number << 8);
    image->tags = (unsigned char)(0x5a + number);
    image->mxcsr = 0x1f80u | (unsigned)number << 13 | (unsigned)(8 << number);
    for (size_t i = 0; i < COUNT(image->st); i++)
        for (size_t j = 0; j < sizeof(image->st[i].bytes); j++)
            image->st[i].bytes[j] = next_byte(&seed);
    for (size_t i = 0; i < sizeof(image->xmm); i++)
        image->xmm[i / 16][i % 16] = next_byte(&seed);
}

/* How often the timer found this process in ring 3 and gave the CPU to another. */
static unsigned long turns(void)
{
    struct process_info process;

    for (long i = 0; info(INFO_PROCESS, i, &process) == 0; i++)
        if (process.pid == getpid())
            return process.ticks;
    return 0;
}

static int same_bytes(const void *a, const void *b, size_t count)
{
    const unsigned char *p = a, *q = b;

    while (count > 0 && *p == *q)
        p++, q++, count--;
    return count == 0;
}

static int whole(void)
{
    for (size_t i = 0; i < COUNT(left.st); i++)
        if (!same_bytes(left.st[i].bytes, found.st[i].bytes, sizeof(left.st[i].bytes)))
            return 0;
    return left.fcw == found.fcw && left.fsw == found.fsw && left.tags == found.tags && left.mxcsr == found.mxcsr
           && same_bytes(left.xmm, found.xmm, sizeof(left.xmm));
}

/* The exit code: 0 if nothing changed. */
static int hold(int number)
{
    unsigned long spins;

    fill(&left, number);
    asm volatile("fxrstor64 %0" : : "m"(left));
    do
        for (spins = 0; spins < 100000; spins++)
            asm volatile("");
    while (turns() < TURNS);
    asm volatile("fxsave64 %0" : "=m"(found));
    return whole() ? 0 : 1;
}

int main(void)
{
    long pids[PROCESSES];
    int code;

    for (int i = 0; i < PROCESSES; i++)
        if ((pids[i] = fork()) == 0)
            exit(hold(i));
    for (int i = 0; i < PROCESSES; i++) {
        waitpid(pids[i], &code);
        printf("process %d: its registers are %s\n", i, code ? "NOT as it left them" : "as it left them");
    }
    return 0;
}
