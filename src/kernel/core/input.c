/*
 * input.c: lines typed on COM1. The interrupt only stores bytes; echo and
 * editing happen when a process reads, so that what is printed depends on the
 * bytes alone and not on when they came.
 */
#include "kernel.h"

#define RAW_SIZE 256
#define END_OF_INPUT 4          /* Ctrl-D */
#define BACKSPACE 8
#define DELETE 127

static char raw[RAW_SIZE];
static unsigned raw_head, raw_tail;
static char line[LINE_SIZE];
static unsigned length, taken;  /* of the line; how much of it has been read */
static bool complete;

/* A full buffer leaves bytes in the UART, which then tells the sender to wait. */
void input_interrupt(void)
{
    int c;

    while (raw_head - raw_tail < RAW_SIZE && (c = console_getc()) >= 0)
        raw[raw_head++ % RAW_SIZE] = (char)c;
    wake(raw);
}

static void edit(char c)
{
    if (c == '\r')
        c = '\n';
    if (c == BACKSPACE || c == DELETE) {
        if (length > 0) {
            length--;
            print("\b \b");
        }
    } else if (c == END_OF_INPUT) {
        complete = true;
    } else if (c == '\n' || length + 1 < LINE_SIZE) {
        line[length++] = c;
        console_putc(c);
        complete = c == '\n';
    }
}

/* Waits for a line and gives up to `count` bytes of it, at most to its end. 0: Ctrl-D. */
int64_t input_read(uint64_t buffer, uint64_t count)
{
    while (!complete) {
        input_interrupt();      /* bytes that the full buffer left in the UART raise no new edge */
        if (raw_head == raw_tail)
            sleep_on(raw, 0);
        while (raw_head != raw_tail && !complete)
            edit(raw[raw_tail++ % RAW_SIZE]);
    }
    uint64_t n = length - taken < count ? length - taken : count;
    if (!copy_to_user(buffer, line + taken, n))
        return -EFAULT;
    taken += (unsigned)n;
    if (taken == length) {
        length = taken = 0;
        complete = false;
    }
    return (int64_t)n;
}
