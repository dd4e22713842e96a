package io.drawbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An nginx of our own: the upstream of proxies, or one of them. */
final class Nginx {
    private Nginx() {}

    static boolean isThere() {
        return List.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx").stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path)));
    }

    /** Answers everything with a hundred bytes. */
    static ProcessHandle upstream(int port) throws IOException {
        return start(1, "", "listen 127.0.0.1:" + port + "; location / { return 200 '" + "x".repeat(100) + "'; }");
    }

    /** A reverse proxy with as many workers as ours has event loops. */
    static ProcessHandle proxy(int port, int upstream) throws IOException {
        return start(
                2,
                "upstream all { server 127.0.0.1:" + upstream + "; keepalive 64; keepalive_requests 100000000; }",
                "listen 127.0.0.1:" + port + " reuseport; location / { proxy_pass http://all; proxy_http_version 1.1;"
                        + " proxy_set_header Connection ''; proxy_set_header X-Real-IP $remote_addr;"
                        + " proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }");
    }

    private static ProcessHandle start(int workers, String http, String server) throws IOException {
        Path folder = Files.createTempDirectory("bench-nginx");
        Path config = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off; worker_processes %d; pid %s/pid; error_log stderr crit;
                events { worker_connections 1024; }
                http { access_log off; keepalive_requests 100000000;
                  client_body_temp_path %s/a; proxy_temp_path %s/b; fastcgi_temp_path %s/c; uwsgi_temp_path %s/d; scgi_temp_path %s/e;
                  %s
                  server { %s } }
                """.formatted(
                        workers, folder, folder, folder, folder, folder, folder, http, server));
        return Children.quiet(new ProcessBuilder(
                        "nginx", "-c", config.toString(), "-p", folder.toString(), "-g", "master_process on;"))
                .start()
                .toHandle();
    }
}
