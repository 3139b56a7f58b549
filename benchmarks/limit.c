/* The limit: M/M/n+M written by hand in C, as anybody would who needs just this model.
 *
 *   limit CONTACTS SEED AGENTS GAP_S SERVICE_S PATIENCE_S THRESHOLD_S
 *
 * One binary heap holds every future event: the next arrival, the ends of service, and an
 * abandonment for each contact that waits (ignored when it comes up for one already answered).
 * Figures are added up; nothing is logged, no interval is kept. Prints one JSON object.
 * `limit_tuned.c` is the same model as tight as it could be made.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ARRIVAL, FINISH, GIVE_UP };

typedef struct {
    double at_s;
    int kind;
    int contact;
} Event;

static Event *heap;
static int size;

static void push(Event e) {
    int i = size++;
    while (i > 0 && heap[(i - 1) / 2].at_s > e.at_s) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = e;
}

static Event pop(void) {
    Event first = heap[0], last = heap[--size];
    int i = 0, child;
    while ((child = 2 * i + 1) < size) {
        if (child + 1 < size && heap[child + 1].at_s < heap[child].at_s) child++;
        if (last.at_s <= heap[child].at_s) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return first;
}

static uint64_t state; /* xorshift64 (Marsaglia 2003) */

static double exponential(double mean) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return -mean * log(((double)(state >> 12) + 0.5) * 0x1p-52);
}

int main(int argc, char **argv) {
    if (argc != 8) return fprintf(stderr, "limit CONTACTS SEED AGENTS GAP_S SERVICE_S PATIENCE_S THRESHOLD_S\n"), 2;
    const int contacts = atoi(argv[1]), agents = atoi(argv[3]);
    const double gap = atof(argv[4]), service = atof(argv[5]), patience = atof(argv[6]), threshold = atof(argv[7]);
    state = strtoull(argv[2], NULL, 10) * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du;

    double *arrived = malloc((size_t)contacts * sizeof *arrived);
    char *settled = calloc((size_t)contacts, 1); /* answered or gone */
    int *line = malloc((size_t)contacts * sizeof *line);
    heap = malloc(((size_t)contacts + (size_t)agents + 2) * sizeof *heap);
    if (!arrived || !settled || !line || !heap) return 1;

    int idle = agents, head = 0, tail = 0, offered = 0, served = 0, abandoned = 0, within = 0;
    double now = 0.0, waited = 0.0, busy = 0.0;

    const clock_t start = clock();
    push((Event){exponential(gap), ARRIVAL, 0});
    while (size > 0) {
        const Event e = pop();
        now = e.at_s;
        int answer = -1; /* the contact that gets an agent now */
        if (e.kind == ARRIVAL) {
            const int me = offered++;
            arrived[me] = now;
            if (offered < contacts) push((Event){now + exponential(gap), ARRIVAL, 0});
            if (idle > 0) {
                idle--;
                answer = me;
            } else {
                line[tail++] = me;
                push((Event){now + exponential(patience), GIVE_UP, me});
            }
        } else if (e.kind == FINISH) {
            while (head < tail && settled[line[head]]) head++;
            if (head < tail) answer = line[head++];
            else idle++;
        } else if (!settled[e.contact]) {
            settled[e.contact] = 1;
            abandoned++;
            waited += now - arrived[e.contact];
        }
        if (answer >= 0) {
            const double wait = now - arrived[answer], work = exponential(service);
            settled[answer] = 1;
            served++;
            waited += wait;
            within += wait <= threshold;
            busy += work;
            push((Event){now + work, FINISH, answer});
        }
    }
    const double cpu_s = (double)(clock() - start) / CLOCKS_PER_SEC;

    printf("{\"contacts\": %d, \"cpu_s\": %.6f, \"served\": %d, \"abandoned\": %d, ", offered, cpu_s, served, abandoned);
    printf("\"sl20\": %.9f, \"abandon_share\": %.9f, \"mean_wait_s\": %.9f, \"occupancy\": %.9f}\n",
           (double)within / offered, (double)abandoned / offered, waited / offered, busy / now / agents);
    return 0;
}
