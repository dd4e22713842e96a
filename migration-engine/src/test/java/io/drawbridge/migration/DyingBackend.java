package io.drawbridge.migration;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between the engine and a real backend and dies at its n-th call, with the effect of that call landing or not: from
 * then on nothing is sent and nothing is answered, as from a killed process. Or stalls at its n-th call for a while, as a
 * stopped process does.
 */
final class DyingBackend<S extends Step> implements InvocationHandler {
    private final MigrationBackend<S> real;
    private final int fatal;
    private final boolean lands;
    private final Duration stall;
    private final Vertx vertx;
    private final AtomicInteger calls = new AtomicInteger();
    private final Promise<Void> died = Promise.promise();
    private volatile boolean dead;

    private DyingBackend(Vertx vertx, MigrationBackend<S> real, int fatal, boolean lands, Duration stall) {
        this.vertx = vertx;
        this.real = real;
        this.fatal = fatal;
        this.lands = lands;
        this.stall = stall;
    }

    static <S extends Step> DyingBackend<S> dyingAt(Vertx vertx, MigrationBackend<S> real, int call, boolean lands) {
        return new DyingBackend<>(vertx, real, call, lands, null);
    }

    static <S extends Step> DyingBackend<S> stallingAt(
            Vertx vertx, MigrationBackend<S> real, int call, Duration stall) {
        return new DyingBackend<>(vertx, real, call, false, stall);
    }

    @SuppressWarnings("unchecked")
    MigrationBackend<S> backend() {
        return (MigrationBackend<S>)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {MigrationBackend.class}, this);
    }

    int calls() {
        return calls.get();
    }

    Future<Void> died() {
        return died.future();
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getReturnType() != Future.class) {
            return method.invoke(real, arguments);
        }
        if (dead && stall == null) {
            return Promise.promise().future();
        }
        int call = calls.incrementAndGet();
        if (call != fatal) {
            return method.invoke(real, arguments);
        }
        dead = true;
        if (stall != null) {
            died.tryComplete();
            return Futures.pause(vertx, stall).compose(awake -> send(method, arguments));
        }
        Future<?> effect = lands ? send(method, arguments) : Future.succeededFuture();
        effect.onComplete(landed -> died.tryComplete());
        return Promise.promise().future();
    }

    private Future<?> send(Method method, Object[] arguments) {
        try {
            return (Future<?>) method.invoke(real, arguments);
        } catch (ReflectiveOperationException impossible) {
            return Future.failedFuture(impossible);
        }
    }
}
