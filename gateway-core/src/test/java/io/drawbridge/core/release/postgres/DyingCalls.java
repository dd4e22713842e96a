package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.postgres.PgStep;
import io.vertx.core.Future;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a backend and dies at the n-th call that changes something; from then on nothing works any more. */
final class DyingCalls implements InvocationHandler {
    private static final Set<String> CHANGING =
            Set.of("prepare", "acquire", "apply", "bootstrap", "transition", "ask", "close", "fail", "release");

    private final MigrationBackend<PgStep> backend;
    private final AtomicInteger calls;
    private final int last;
    private final boolean landed;

    private DyingCalls(MigrationBackend<PgStep> backend, AtomicInteger calls, int last, boolean landed) {
        this.backend = backend;
        this.calls = calls;
        this.last = last;
        this.landed = landed;
    }

    /**
     * @param calls counts them, over several backends
     * @param last the call that it dies at
     * @param landed whether that call still has its effect
     */
    @SuppressWarnings("unchecked")
    static MigrationBackend<PgStep> before(
            MigrationBackend<PgStep> backend, AtomicInteger calls, int last, boolean landed) {
        return (MigrationBackend<PgStep>) Proxy.newProxyInstance(
                DyingCalls.class.getClassLoader(),
                new Class<?>[] {MigrationBackend.class},
                new DyingCalls(backend, calls, last, landed));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        boolean ends = method.getName().equals("close") && method.getParameterCount() == 0;
        if (ends || method.getReturnType() != Future.class) {
            return call(method, arguments);
        }
        int call = CHANGING.contains(method.getName()) ? calls.incrementAndGet() : calls.get();
        if (call < last) {
            return call(method, arguments);
        }
        Future<?> died = Future.failedFuture(new IllegalStateException("died at call " + call));
        return call == last && landed && CHANGING.contains(method.getName())
                ? ((Future<?>) call(method, arguments)).transform(done -> died)
                : died;
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(backend, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }
}
