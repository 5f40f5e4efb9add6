/* A library with every relocation that a compiler asks for; no C library, so that any cross compiler can make it. */
__attribute__((visibility("default"))) int counter = 7;
extern int elsewhere;
extern int missing __attribute__((weak));
extern int call_elsewhere(int);
static int first(int x) { return x + 1; }
static int second(int x) { return x + 2; }

/* Relative, and one word that is none between them. */
static int (*const functions[])(int) = {first, second, first};
__attribute__((visibility("default"))) const void *table[] = {&functions[0], &functions[1], (void *)0x1234, &functions[2]};
/* By symbol, with and without addend; of a weak symbol that nobody defines. */
__attribute__((visibility("default"))) int *pointers[] = {&elsewhere, &elsewhere + 3, &missing, &counter};
/* A word that is not aligned. */
__attribute__((visibility("default"))) struct __attribute__((packed)) { char tag; const void *to; } odd = {'x', &functions[1]};

__attribute__((visibility("default"))) __thread int per_thread = 3;
static __thread int hidden_per_thread = 4;
__attribute__((visibility("default"), tls_model("initial-exec"))) __thread int at_start = 5;

static int chosen(int x) { return x * 3; }
static int (*choose(void))(int) { return chosen; }
__attribute__((visibility("default"))) int selected(int x) __attribute__((ifunc("choose")));
__attribute__((visibility("default"))) int (*selected_pointer)(int) = selected;

/* An IFUNC of this file alone. */
__attribute__((visibility("hidden"))) int selected_here(int x) __attribute__((ifunc("choose")));

static char zeros[6000];
__attribute__((visibility("default"))) int work(int x) {
  zeros[x & 4095]++;
  return call_elsewhere(x) + functions[x & 1](x) + elsewhere + counter + per_thread + hidden_per_thread + selected(x) +
         selected_here(x) + at_start;
}
