/*
 * Computes with doubles, long doubles and vectorised loops as an ordinary compiler makes them, and writes what came out
 * as text: decimal numbers and the bits of every result. Run as a process here, and alone on our CPU.
 */
typedef unsigned long u64;

static char *at;

static void text(const char *s) {
  while (*s) *at++ = *s++;
}
static void hex(u64 v, int digits) {
  while (digits-- > 0) *at++ = "0123456789abcdef"[v >> (4 * digits) & 15];
}
static void integer(long v) {
  char digits[24];
  int n = 0;
  if (v < 0) *at++ = '-', v = -v;
  do digits[n++] = (char)('0' + v % 10);
  while ((v /= 10) != 0);
  while (n > 0) *at++ = digits[--n];
}
static void real(const char *name, double v) {
  union { double d; u64 bits; } u = {v};
  text(name);
  text(" ");
  integer((long)(v * 1e9));
  text("e-9 ");
  hex(u.bits, 16);
  text("\n");
}
static void extended(const char *name, long double v) {
  union { long double v; u64 part[2]; } u = {0};
  u.v = v;
  text(name);
  text(" ");
  hex(u.part[1] & 0xffff, 4);
  hex(u.part[0], 16);
  text("\n");
}

struct body { double x[3], v[3], mass; };
static struct body bodies[5] = {
  {{0, 0, 0}, {0, 0, 0}, 39.47841760435743},
  {{4.84143144246472090, -1.16032004402742839, -0.103622044471123109},
   {0.606326392995832, 2.81198684491626, -0.02521836165988763}, 0.03769367487038949},
  {{8.34336671824457987, 4.12479856412430479, -0.403523417114321381},
   {-1.01077434617879, 1.82566237123041, 0.00841576137658415}, 0.01128632613196877},
  {{12.8943695621391310, -15.1111514016986312, -0.223307578892655734},
   {1.08279100644154, 0.868713018169608, -0.01083263740136364}, 0.00172372405705971},
  {{15.3796971148509165, -25.9193146099879641, 0.179258772950371181},
   {0.979090732243898, 0.594698998647676, -0.03475595555078105}, 0.00203368686992463},
};

static void advance(double dt) {
  for (int i = 0; i < 5; i++) {
    for (int j = i + 1; j < 5; j++) {
      double d[3], square = 0;
      for (int k = 0; k < 3; k++) d[k] = bodies[i].x[k] - bodies[j].x[k], square += d[k] * d[k];
      double scale = dt / (square * __builtin_sqrt(square));
      for (int k = 0; k < 3; k++) {
        bodies[i].v[k] -= d[k] * bodies[j].mass * scale;
        bodies[j].v[k] += d[k] * bodies[i].mass * scale;
      }
    }
  }
  for (int i = 0; i < 5; i++)
    for (int k = 0; k < 3; k++) bodies[i].x[k] += dt * bodies[i].v[k];
}

static float single[1000];
static double wide[1000];
static short words[1000];
static int dwords[1000];

static void vectors(void) {
  for (int i = 0; i < 1000; i++) {
    single[i] = (float)(i - 500) * 0.37f;
    wide[i] = 1.0 / (i + 1);
    words[i] = (short)(i * 77);
    dwords[i] = i * i - 4000;
  }
  for (int turn = 0; turn < 20; turn++) {
    for (int i = 0; i < 1000; i++) single[i] = single[i] * 0.99f + (float)dwords[i] * 1e-6f;
    for (int i = 0; i < 1000; i++) wide[i] = wide[i] * 1.000001 + (double)single[i];
    for (int i = 0; i < 1000; i++) words[i] = (short)(words[i] * 3 + turn);
    for (int i = 0; i < 1000; i++) dwords[i] = dwords[i] > words[i] ? dwords[i] - words[i] : words[i] << 1;
  }
  double a = 0;
  float b = 0;
  long c = 0;
  for (int i = 0; i < 1000; i++) a += wide[i], b += single[i], c += dwords[i] ^ words[i];
  real("doubles", a);
  real("singles", b);
  text("integers ");
  integer(c);
  text("\n");
}

static void longDoubles(void) {
  long double sum = 0, product = 1, power = 1;
  for (int i = 1; i < 400; i++) {
    sum += 1.0L / i;
    product *= 1.0L + 1.0L / ((long double)i * i);
    power = power * 0.5L + (long double)(i % 7);
  }
  extended("sum", sum);
  extended("product", product);
  extended("power", power);
  extended("root", __builtin_sqrtl(product));
  text("rounded ");
  integer((long)(sum * 1e15L));
  text("\n");
}

/* Returns the length of the text. */
long run(char *out) {
  at = out;
  for (int i = 0; i < 300; i++) advance(0.01);
  real("sun", bodies[0].x[0]);
  real("neptune", bodies[4].x[1]);
  vectors();
  longDoubles();
  return at - out;
}

#ifdef ALONE
/* GCC may call these for plain loops. */
void *memset(void *to, int byte, u64 n) {
  for (volatile char *p = to; n-- > 0;) *p++ = (char)byte;
  return to;
}
void *memcpy(void *to, const void *from, u64 n) {
  const char *q = from;
  for (volatile char *p = to; n-- > 0;) *p++ = *q++;
  return to;
}
#else
#include <unistd.h>
int main(void) {
  static char out[4096];
  long n = run(out);
  return write(1, out, (u64)n) == n ? 0 : 1;
}
#endif
