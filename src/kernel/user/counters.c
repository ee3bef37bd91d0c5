/*
 * counters.c: two processes that never give up the CPU count side by side. Only
 * the timer can take turns between them.
 */
#include "lib.h"

#define ROUNDS 3
#define PERIOD 100              /* ms */

/* Counts in registers; looks at the clock now and then; says its count's round when it is due. */
static void __attribute__((noreturn)) count(char name, long start)
{
    volatile unsigned long counter = 0;

    for (int round = 1; round <= ROUNDS; round++) {
        while (uptime() < start + round * PERIOD)
            for (int i = 0; i < 1000; i++)
                counter++;
        printf("counter %c: round %d\n", name, round);
    }
    exit(counter > 0 ? 0 : 1);
}

int main(void)
{
    long start = uptime();
    int code, sum = 0;

    if (fork() == 0)
        count('A', start);
    if (fork() == 0)
        count('B', start + PERIOD / 2);
    while (waitpid(-1, &code) > 0)
        sum += code;
    printf("both counters ended\n");
    return sum;
}
