/* print.c: formatted text on the console: %s %c %d %u %x %X, with l for 64 bits, with a width. */
#include <stdarg.h>

#include "kernel.h"

static const char lower_case[] = "0123456789abcdef", upper_case[] = "0123456789ABCDEF";

static void print_number(uint64_t value, unsigned base, const char *alphabet, int width, char pad, bool negative)
{
    char digits[24];
    int n = 0;

    do
        digits[n++] = alphabet[value % base];
    while ((value /= base) != 0);
    if (negative)
        digits[n++] = '-';
    for (int i = n; i < width; i++)
        console_putc(pad);
    while (n > 0)
        console_putc(digits[--n]);
}

static void print_string(const char *s, int width)
{
    for (; *s; s++, width--)
        console_putc(*s);
    for (; width > 0; width--)
        console_putc(' ');
}

static void vprint(const char *format, va_list args)
{
    for (; *format; format++) {
        if (*format != '%') {
            console_putc(*format);
            continue;
        }
        format++;
        char pad = ' ';
        int width = 0;
        if (*format == '0') {
            pad = '0';
            format++;
        }
        for (; *format >= '0' && *format <= '9'; format++)
            width = width * 10 + (*format - '0');
        bool wide = *format == 'l';
        if (wide)
            format++;

        switch (*format) {
        case 'd': {
            int64_t value = wide ? va_arg(args, long) : va_arg(args, int);
            print_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10, lower_case, width, pad, value < 0);
            break;
        }
        case 'u':
        case 'x':
        case 'X': {
            uint64_t value = wide ? va_arg(args, unsigned long) : va_arg(args, unsigned);
            print_number(value, *format == 'u' ? 10 : 16, *format == 'X' ? upper_case : lower_case, width, pad, false);
            break;
        }
        case 's':
            print_string(va_arg(args, const char *), width);
            break;
        case 'c':
            console_putc((char)va_arg(args, int));
            break;
        default:
            console_putc(*format);
        }
    }
}

void print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vprint(format, args);
    va_end(args);
}

void panic(const char *format, ...)
{
    va_list args;
    print("[panic] ");
    va_start(args, format);
    vprint(format, args);
    va_end(args);
    print("\n");
    power_off(1);
}
