/* lib.c: printf and strings. */
#include <stdarg.h>

#include "lib.h"

struct line {
    char text[256];
    size_t length;
};

static void put(struct line *line, char c)
{
    if (line->length < sizeof(line->text))
        line->text[line->length++] = c;
}

static void put_number(struct line *line, unsigned long value, unsigned base, int width, char pad)
{
    char digits[24];
    int n = 0;

    do
        digits[n++] = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    for (int i = n; i < width; i++)
        put(line, pad);
    while (n > 0)
        put(line, digits[--n]);
}

static void put_string(struct line *line, const char *s, int width)
{
    for (; *s; s++, width--)
        put(line, *s);
    for (; width > 0; width--)
        put(line, ' ');
}

void printf(const char *format, ...)
{
    struct line line = {.length = 0};
    va_list args;

    va_start(args, format);
    for (; *format; format++) {
        if (*format != '%') {
            put(&line, *format);
            continue;
        }
        char pad = *++format == '0' ? '0' : ' ';
        int width = 0;
        for (; *format >= '0' && *format <= '9'; format++)
            width = width * 10 + (*format - '0');
        int wide = *format == 'l';
        format += wide;
        if (*format == 'd') {
            long value = wide ? va_arg(args, long) : va_arg(args, int);
            if (value < 0)
                put(&line, '-');
            put_number(&line, value < 0 ? -(unsigned long)value : (unsigned long)value, 10, width, pad);
        } else if (*format == 'x' || *format == 'u') {
            unsigned long value = wide ? va_arg(args, unsigned long) : va_arg(args, unsigned);
            put_number(&line, value, *format == 'x' ? 16 : 10, width, pad);
        } else if (*format == 's') {
            put_string(&line, va_arg(args, const char *), width);
        } else if (*format == 'c') {
            put(&line, (char)va_arg(args, int));
        } else {
            put(&line, *format);
        }
    }
    va_end(args);
    write(1, line.text, line.length);
}

size_t strlen(const char *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}

int same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

/* GCC calls these two by itself. */
void *memcpy(void *to, const void *from, size_t count)
{
    void *result = to;
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    return result;
}

void *memset(void *to, int byte, size_t count)
{
    void *result = to;
    asm volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(byte) : "memory");
    return result;
}
