/* Optional speed for the SNMP engine: runs of datagrams in one system call, and the strict walk of whole polls.
 *
 * send(fd, [(datagram, place), ...]) -> (done, refused)              how many before the socket is full; pairs refused
 * receive(fd, buffer) -> [(datagram, place), ...]                    each cut off at len(buffer) // 64 octets
 * read(answers, form, marks) -> (scalars, values, marks, octets)     None: not exactly what the form asks for
 *
 * apart, shown, scoped                                                as in frame.py: SNMPv3 messages cut and joined
 *
 * A place is the octets of a struct sockaddr. A form is, in native byte order: length of the community (u16) and the
 * community; number of values, and of those that are scalars (u32, u32); for each answer the number of its bindings (u32), and for each of these the place
 * of its value (u32), the length of its name (u16) and the name. `values` are 8 octets each, INTEGER as two's complement,
 * 0 where unknown; `marks` are one octet each: 0 unknown, 1 known, 2 known and negative.
 *
 * What read() accepts is what message.walk() accepts with error status 0 and the names of the form; the tests hold both
 * against each other. Nothing is kept between calls.
 */
#define PY_SSIZE_T_CLEAN
#define _GNU_SOURCE
#include <Python.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define EDITION 2 /* of the functions; fast.py leaves a library of another edition aside */
#define RUN 64 /* datagrams in one system call */
#define MOST_VALUES (1u << 24)

enum { INTEGER = 0x02, OCTETS = 0x04, OID = 0x06, SEQUENCE = 0x30, RESPONSE = 0xA2 };
enum { COUNTER32 = 0x41, GAUGE32 = 0x42, TIMETICKS = 0x43, COUNTER64 = 0x46 };
enum { UNKNOWN, KNOWN, NEGATIVE };

typedef struct { /* octets still to be read */
    const uint8_t *at, *end;
} Span;

/* The element at the beginning of `from`: its tag and content; `from` moves behind it. 0 when it is cut off. */
static int element(Span *from, int *tag, Span *content) {
    const uint8_t *at = from->at, *end = from->end;
    if (end - at < 2) return 0;
    *tag = at[0];
    uint64_t size = at[1];
    at += 2;
    if (size & 0x80) {
        int octets = size & 0x7F;
        if (octets < 1 || octets > 4 || end - at < octets) return 0;
        for (size = 0; octets; octets--) size = size << 8 | *at++;
    }
    if (size > (uint64_t)(end - at)) return 0;
    content->at = at;
    from->at = content->end = at + size;
    return 1;
}

static int expect(Span *from, int tag, Span *content) {
    int found;
    return element(from, &found, content) && found == tag;
}

/* An INTEGER of at most four octets. */
static int small(Span *from, int32_t *value) {
    Span content;
    if (!expect(from, INTEGER, &content)) return 0;
    Py_ssize_t size = content.end - content.at;
    if (size < 1 || size > 4) return 0;
    uint32_t sum = *content.at & 0x80 ? UINT32_MAX : 0;
    for (; content.at < content.end; content.at++) sum = sum << 8 | *content.at;
    *value = (int32_t)sum;
    return 1;
}

/* The number of a content, by the rules of message.number(); its mark. */
static uint8_t number(int tag, Span content, uint64_t *value) {
    Py_ssize_t size = content.end - content.at, most = tag == COUNTER64 || tag == INTEGER ? 8 : 4;
    if (tag != INTEGER && tag != COUNTER32 && tag != GAUGE32 && tag != TIMETICKS && tag != COUNTER64) return UNKNOWN;
    if (tag != INTEGER && size == most + 1 && !*content.at) content.at++, size--;
    if (size < 1 || size > most) return UNKNOWN;
    int negative = tag == INTEGER && *content.at & 0x80;
    uint64_t sum = negative ? UINT64_MAX : 0;
    for (; content.at < content.end; content.at++) sum = sum << 8 | *content.at;
    *value = sum;
    return negative ? NEGATIVE : KNOWN;
}

/* The next `size` octets of a form, or NULL. */
static const uint8_t *take(Span *form, size_t size) {
    if ((size_t)(form->end - form->at) < size) return NULL;
    form->at += size;
    return form->at - size;
}

static int take32(Span *form, uint32_t *value) {
    const uint8_t *at = take(form, sizeof *value);
    return at ? (memcpy(value, at, sizeof *value), 1) : 0;
}

static int take_text(Span *form, Span *text) {
    uint16_t size;
    const uint8_t *at = take(form, sizeof size);
    if (!at) return 0;
    memcpy(&size, at, sizeof size);
    text->at = take(form, size);
    return text->at ? (text->end = text->at + size, 1) : 0;
}

static int same(Span one, Span other) {
    size_t size = one.end - one.at;
    return size == (size_t)(other.end - other.at) && !memcmp(one.at, other.at, size);
}

/* The bindings of an answer that is ours and free of error. */
static int opening(Span message, Span community, Span *bindings) {
    Span content, part;
    int32_t version, status, index;
    if (!expect(&message, SEQUENCE, &content) || message.at != message.end) return 0;
    if (!small(&content, &version) || version != 1) return 0;
    if (!expect(&content, OCTETS, &part) || !same(part, community)) return 0;
    if (!expect(&content, RESPONSE, &part) || part.end != content.end) return 0;
    content = part;
    if (!expect(&content, INTEGER, &part) || part.end - part.at != 4) return 0;
    if (!small(&content, &status) || status || !small(&content, &index)) return 0;
    return expect(&content, SEQUENCE, bindings) && bindings->end == content.end;
}

typedef struct {
    uint32_t count;
    uint64_t *values;
    uint8_t *marks;
} Result;

/* The tag and content of the next binding's value, if the binding is named `asked`. */
static int binding(Span *bindings, Span asked, int *tag, Span *content) {
    const uint8_t *at = bindings->at;
    Py_ssize_t left = bindings->end - at, size = asked.end - asked.at;
    Span part, name;
    if (size < 0x80 && left >= size + 6 && at[0] == SEQUENCE && at[2] == OID && at[3] == size && at[5 + size] < 0x80 &&
        at[1] == size + 4 + at[5 + size] && at[1] < 0x80 && left >= at[1] + 2) { /* mostly: all lengths are short */
        *tag = at[4 + size];
        content->at = at + 6 + size;
        bindings->at = content->end = content->at + at[5 + size];
        return !memcmp(at + 4, asked.at, size);
    }
    if (!expect(bindings, SEQUENCE, &part) || !expect(&part, OID, &name) || !same(name, asked)) return 0;
    return element(&part, tag, content) && part.at == part.end;
}

/* One answer, which must have exactly the bindings the form tells next. */
static int answered(Span message, Span community, Span *form, Result *result) {
    Span bindings, asked, content;
    uint32_t left, place;
    if (!take32(form, &left) || !opening(message, community, &bindings)) return 0;
    for (; left; left--) {
        int tag;
        if (!take32(form, &place) || place >= result->count || !take_text(form, &asked)) return 0;
        if (!binding(&bindings, asked, &tag, &content)) return 0;
        result->marks[place] = number(tag, content, &result->values[place]);
    }
    return bindings.at == bindings.end;
}

static Span span(PyObject *bytes) {
    const uint8_t *at = (const uint8_t *)PyBytes_AS_STRING(bytes);
    return (Span){at, at + PyBytes_GET_SIZE(bytes)};
}

/* All answers of a poll; their octets, or -1 when they are not what the form asks for. No Python code runs in here. */
static Py_ssize_t whole(PyObject *answers, Span form, Span community, Result *result) {
    Py_ssize_t octets = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(answers); i++) {
        PyObject *answer = PyList_GET_ITEM(answers, i);
        if (!PyBytes_Check(answer) || !answered(span(answer), community, &form, result)) return -1;
        octets += PyBytes_GET_SIZE(answer);
    }
    return form.at == form.end ? octets : -1;
}

static PyObject *scalar(uint64_t value, uint8_t mark) {
    if (mark == UNKNOWN) return Py_NewRef(Py_None);
    return mark == NEGATIVE ? PyLong_FromLongLong((int64_t)value) : PyLong_FromUnsignedLongLong(value);
}

/* What read() gives: the first values as numbers, all values, marks where they are others, and octets of the answers. */
static PyObject *told(PyObject *values, PyObject *marks, uint32_t first, PyObject *others, Py_ssize_t octets) {
    PyObject *scalars = PyTuple_New(first);
    for (uint32_t i = 0; scalars && i < first; i++) {
        uint64_t value;
        memcpy(&value, PyByteArray_AS_STRING(values) + 8 * (size_t)i, 8);
        PyObject *number = scalar(value, (uint8_t)PyBytes_AS_STRING(marks)[i]);
        if (number) PyTuple_SET_ITEM(scalars, i, number);
        else Py_CLEAR(scalars);
    }
    if (!scalars) return NULL;
    return Py_BuildValue("NOOn", scalars, values, same(span(marks), span(others)) ? Py_None : marks, octets);
}

static PyObject *fast_read(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count) {
    Span form, community;
    Result result;
    uint32_t first;
    if (count != 3 || !PyList_Check(arguments[0]) || !PyBytes_Check(arguments[1]) || !PyBytes_Check(arguments[2]))
        return PyErr_Format(PyExc_TypeError, "read(answers: list, form: bytes, marks: bytes)");
    form = span(arguments[1]);
    if (!take_text(&form, &community) || !take32(&form, &result.count) || !take32(&form, &first) ||
        result.count > MOST_VALUES || first > result.count)
        return PyErr_Format(PyExc_ValueError, "this is no form");
    PyObject *values = PyByteArray_FromStringAndSize(NULL, 8 * (Py_ssize_t)result.count);
    PyObject *marks = values ? PyBytes_FromStringAndSize(NULL, result.count) : NULL;
    PyObject *all = NULL;
    if (marks) {
        result.values = (uint64_t *)PyByteArray_AS_STRING(values);
        result.marks = (uint8_t *)PyBytes_AS_STRING(marks);
        memset(result.values, 0, 8 * (size_t)result.count);
        memset(result.marks, UNKNOWN, result.count);
        Py_ssize_t octets = whole(arguments[0], form, community, &result);
        all = octets < 0 ? Py_NewRef(Py_None) : told(values, marks, first, arguments[2], octets);
    }
    Py_XDECREF(values);
    Py_XDECREF(marks);
    return all;
}

/* Send a run; how many went, 0 when the socket is full; a first one refused counts, and is in `refused`. -1: exception. */
static Py_ssize_t send_run(int fd, struct mmsghdr *run, PyObject **pairs, int count, PyObject *refused) {
    int sent, why;
    Py_BEGIN_ALLOW_THREADS
    do sent = sendmmsg(fd, run, count, MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    why = errno;
    Py_END_ALLOW_THREADS
    if (sent > 0) return sent;
    if (sent < 0 && (why == EAGAIN || why == EWOULDBLOCK)) return 0;
    return PyList_Append(refused, pairs[0]) < 0 ? -1 : 1;
}

static PyObject *fast_send(PyObject *Py_UNUSED(module), PyObject *arguments) {
    struct mmsghdr run[RUN];
    struct iovec parts[RUN];
    PyObject *list, *pairs, *refused;
    int fd;
    if (!PyArg_ParseTuple(arguments, "iO!", &fd, &PyList_Type, &list)) return NULL;
    if (!(pairs = PyList_AsTuple(list))) return NULL; /* keeps all of them while other threads run */
    refused = PyList_New(0);
    Py_ssize_t size = PyTuple_GET_SIZE(pairs), done = 0, sent = 1;
    while (refused && sent && done < size) {
        int count = size - done < RUN ? (int)(size - done) : RUN;
        PyObject **first = &PyTuple_GET_ITEM(pairs, done);
        memset(run, 0, sizeof *run * count);
        for (int i = 0; i < count; i++) {
            PyObject *data, *place;
            if (!PyTuple_Check(first[i])) PyErr_SetString(PyExc_TypeError, "a pair of bytes is needed");
            if (PyErr_Occurred() || !PyArg_ParseTuple(first[i], "SS", &data, &place)) {
                Py_CLEAR(refused);
                break;
            }
            parts[i] = (struct iovec){PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data)};
            run[i].msg_hdr.msg_name = PyBytes_AS_STRING(place);
            run[i].msg_hdr.msg_namelen = (socklen_t)PyBytes_GET_SIZE(place);
            run[i].msg_hdr.msg_iov = &parts[i];
            run[i].msg_hdr.msg_iovlen = 1;
        }
        sent = refused ? send_run(fd, run, first, count, refused) : -1;
        if (sent < 0) Py_CLEAR(refused);
        else done += sent;
    }
    Py_DECREF(pairs);
    return refused ? Py_BuildValue("nN", done, refused) : NULL;
}

/* What recvmmsg left in `run`, as a list of pairs; neighbours from one place share its octets. */
static PyObject *pairs_of(const struct mmsghdr *run, int count) {
    PyObject *list = PyList_New(count), *place = NULL;
    for (int i = 0; list && i < count; i++) {
        const struct msghdr *head = &run[i].msg_hdr;
        size_t size = head->msg_namelen <= sizeof(struct sockaddr_in6) ? head->msg_namelen : 0;
        if (!place || (size_t)PyBytes_GET_SIZE(place) != size || memcmp(PyBytes_AS_STRING(place), head->msg_name, size))
            Py_XSETREF(place, PyBytes_FromStringAndSize(head->msg_name, size));
        PyObject *data = place ? PyBytes_FromStringAndSize(head->msg_iov->iov_base, run[i].msg_len) : NULL;
        PyObject *pair = data ? PyTuple_Pack(2, data, place) : NULL;
        Py_XDECREF(data);
        if (pair) PyList_SET_ITEM(list, i, pair);
        else Py_CLEAR(list);
    }
    Py_XDECREF(place);
    return list;
}

static PyObject *fast_receive(PyObject *Py_UNUSED(module), PyObject *arguments) {
    struct sockaddr_in6 places[RUN]; /* the largest of an internet address */
    struct mmsghdr run[RUN];
    struct iovec parts[RUN];
    Py_buffer buffer;
    int fd, count;
    if (!PyArg_ParseTuple(arguments, "iw*", &fd, &buffer)) return NULL;
    Py_ssize_t room = buffer.len / RUN;
    memset(run, 0, sizeof run);
    for (int i = 0; i < RUN; i++) {
        parts[i] = (struct iovec){(char *)buffer.buf + i * room, room};
        run[i].msg_hdr.msg_name = &places[i];
        run[i].msg_hdr.msg_namelen = sizeof places[i];
        run[i].msg_hdr.msg_iov = &parts[i];
        run[i].msg_hdr.msg_iovlen = 1;
    }
    Py_BEGIN_ALLOW_THREADS
    count = recvmmsg(fd, run, RUN, MSG_DONTWAIT, NULL);
    Py_END_ALLOW_THREADS
    PyObject *list = pairs_of(run, count > 0 ? count : 0); /* an error here is silence, and the wheel knows of silence */
    PyBuffer_Release(&buffer);
    return list;
}

static int all_bytes(PyObject *const *arguments, Py_ssize_t count, Py_ssize_t wanted) {
    int right = count == wanted;
    for (Py_ssize_t i = 0; right && i < count; i++) right = PyBytes_Check(arguments[i]);
    if (!right) PyErr_Format(PyExc_TypeError, "%zd arguments of bytes are needed", wanted);
    return right;
}

/* Two octets as a number. */
static Py_ssize_t pair(const uint8_t *at) { return (Py_ssize_t)at[0] << 8 | at[1]; }

static Py_ssize_t size_of(Span span) { return span.end - span.at; }

/* Writes the length in shortest form; where it ends. */
static uint8_t *put_length(uint8_t *at, Py_ssize_t size) {
    int octets = size < 0x80 ? 0 : size < 0x100 ? 1 : size < 0x10000 ? 2 : size < 0x1000000 ? 3 : 4;
    if (octets) *at++ = 0x80 | octets;
    else *at++ = (uint8_t)size;
    for (int i = octets; i; i--) *at++ = (uint8_t)(size >> 8 * (i - 1));
    return at;
}

static uint8_t *put(uint8_t *at, Span span) {
    memcpy(at, span.at, size_of(span));
    return at + size_of(span);
}

/* An element, opened by tag and length, of `size` octets to be written at `*at`. */
static PyObject *element_of(int tag, Py_ssize_t size, uint8_t **at) {
    uint8_t opening[6] = {(uint8_t)tag};
    Py_ssize_t before = put_length(opening + 1, size) - opening;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, before + size);
    if (!bytes) return NULL;
    *at = (uint8_t *)PyBytes_AS_STRING(bytes);
    memcpy(*at, opening, before);
    *at += before;
    return bytes;
}

static PyObject *fast_scoped(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count) {
    if (!all_bytes(arguments, count, 4)) return NULL;
    Span scope = span(arguments[0]), head = span(arguments[1]), fresh = span(arguments[2]), tail = span(arguments[3]);
    Py_ssize_t skipped = size_of(head) < 2 ? 7 : 7 + (head.at[1] & 0x80 ? head.at[1] & 0x7F : 0);
    if (size_of(head) < skipped) return PyErr_Format(PyExc_ValueError, "this is no head of a request");
    head.at += skipped;
    uint8_t *at;
    PyObject *bytes = element_of(SEQUENCE, size_of(scope) + size_of(head) + size_of(fresh) + size_of(tail), &at);
    if (bytes) put(put(put(put(at, scope), head), fresh), tail);
    return bytes;
}

static PyObject *fast_apart(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count) {
    if (!all_bytes(arguments, count, 3)) return NULL;
    Span data = span(arguments[0]), expected = span(arguments[1]), zeros = span(arguments[2]);
    Py_ssize_t size = size_of(data), at = 4 + size_of(expected), signature = size_of(zeros), behind = at + signature;
    const uint8_t *told = data.at;
    if (size < behind + 14 || told[0] != SEQUENCE || told[1] != 0x82 || pair(told + 2) != size - 4 ||
        memcmp(told + 4, expected.at, at - 4) || told[behind] != OCTETS || told[behind + 1] != 8 ||
        told[behind + 10] != OCTETS || told[behind + 11] != 0x82 || pair(told + behind + 12) != size - behind - 14)
        Py_RETURN_NONE;
    PyObject *zeroed = PyBytes_FromStringAndSize((const char *)told, size);
    if (!zeroed) return NULL;
    memcpy(PyBytes_AS_STRING(zeroed) + at, zeros.at, signature);
    return Py_BuildValue("Ny#y#y#", zeroed, told + at, signature, told + behind + 2, (Py_ssize_t)8, told + behind + 14,
                         size - behind - 14);
}

static PyObject *fast_shown(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count) {
    static const uint8_t plain[] = {INTEGER, 1, 1, OCTETS, 0};
    if (!all_bytes(arguments, count, 3)) return NULL;
    Span data = span(arguments[0]), scope = span(arguments[1]), fresh = span(arguments[2]);
    Py_ssize_t size = size_of(data), at = 4 + size_of(scope);
    if (size < at + 10 || size_of(fresh) != 4 || data.at[0] != SEQUENCE || data.at[1] != 0x82) Py_RETURN_NONE;
    Py_ssize_t end = 4 + pair(data.at + 2);
    const uint8_t *pdu = data.at + at;
    if (end > size || size >= end + 8 || memcmp(data.at + 4, scope.at, at - 4) || pdu[0] != RESPONSE || pdu[1] != 0x82 ||
        pair(pdu + 2) != end - at - 4 || pdu[4] != INTEGER || pdu[5] != 4 || memcmp(pdu + 6, fresh.at, 4))
        Py_RETURN_NONE;
    uint8_t *into;
    PyObject *bytes = element_of(SEQUENCE, end - at + (Py_ssize_t)sizeof plain, &into);
    if (bytes) put(put(into, (Span){plain, plain + sizeof plain}), (Span){pdu, data.at + end});
    return bytes;
}

#define FASTCALL(function) (PyCFunction)(void (*)(void))function, METH_FASTCALL
static PyMethodDef methods[] = {
    {"send", fast_send, METH_VARARGS, "Send datagrams to their places."},
    {"receive", fast_receive, METH_VARARGS, "Datagrams that wait, with their places."},
    {"read", FASTCALL(fast_read), "Values and marks of a poll's answers, or None."},
    {"apart", FASTCALL(fast_apart), "A sealed message cut into what is signed, its signature, salt and ciphertext."},
    {"shown", FASTCALL(fast_shown), "The answer in a scoped PDU, as a message without envelope."},
    {"scoped", FASTCALL(fast_scoped), "The scoped PDU of a request."},
    {NULL, NULL, 0, NULL},
};
static int settled(PyObject *module) { return PyModule_AddIntConstant(module, "EDITION", EDITION); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)settled}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "collectors.snmp._fast", "Runs of datagrams, and the strict walk of polls.", 0, methods, slots, NULL, NULL, NULL,
};
PyMODINIT_FUNC PyInit__fast(void) { return PyModuleDef_Init(&definition); }
