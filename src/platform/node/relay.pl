# Makes TCP connections for podpose in the network namespace of rootless podman: one small process, whose protocol is
# in relay-frames.ts. podpose runs it where perl is installed, otherwise relay-process.ts, which takes six times the memory.
use strict;
use warnings;
use Errno qw(EAGAIN EINPROGRESS EINTR EWOULDBLOCK);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use Socket qw(AF_INET AF_INET6 IPPROTO_TCP SOCK_STREAM SOL_SOCKET SO_ERROR TCP_NODELAY inet_pton pack_sockaddr_in pack_sockaddr_in6);

my %connections;
my $input = '';
$SIG{PIPE} = 'IGNORE';

sub send_frame {
    my ($id, $type, $payload) = @_;
    my $frame = pack('NaN', $id, $type, length $payload) . $payload;
    while (length $frame) {
        my $written = syswrite STDOUT, $frame;
        next if !defined $written && $! == EINTR;
        exit 0 if !defined $written;
        substr($frame, 0, $written, '');
    }
}

sub error_name {
    my ($number) = @_;
    local $! = $number;
    my ($name) = grep { $!{$_} } keys %!;
    return $name // "error $number";
}

sub fail {
    my ($id, $number) = @_;
    delete $connections{$id};
    send_frame($id, 'f', error_name($number));
}

sub open_connection {
    my ($id, $address) = @_;
    my ($ip, $port) = split / /, $address;
    my $family = $ip =~ /:/ ? AF_INET6 : AF_INET;
    my $packed = inet_pton($family, $ip);
    my $name = $family == AF_INET6 ? pack_sockaddr_in6($port, $packed) : pack_sockaddr_in($port, $packed);
    socket(my $socket, $family, SOCK_STREAM, 0) or return fail($id, $! + 0);
    fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
    setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
    my $is_connected = connect($socket, $name);
    return fail($id, $! + 0) if !$is_connected && $! != EINPROGRESS;
    $connections{$id} = { socket => $socket, output => '', connecting => !$is_connected };
    send_frame($id, 'c', '') if $is_connected;
}

sub take_frames {
    while (length $input >= 9) {
        my ($id, $type, $length) = unpack 'NaN', $input;
        last if length $input < 9 + $length;
        my $payload = substr $input, 9, $length;
        substr($input, 0, 9 + $length, '');
        if ($type eq 'o') { open_connection($id, $payload) }
        elsif ($type eq 'x') { delete $connections{$id} }
        elsif ($connections{$id}) { $connections{$id}{output} .= $payload }
    }
}

sub write_to {
    my ($id) = @_;
    my $connection = $connections{$id} or return;
    if ($connection->{connecting}) {
        my $error = unpack 'i', getsockopt($connection->{socket}, SOL_SOCKET, SO_ERROR);
        return fail($id, $error) if $error;
        $connection->{connecting} = 0;
        return send_frame($id, 'c', '');
    }
    my $written = syswrite $connection->{socket}, $connection->{output};
    if (defined $written) { substr($connection->{output}, 0, $written, '') }
    elsif ($! != EAGAIN && $! != EWOULDBLOCK && $! != EINTR) { fail($id, $! + 0) }
}

sub read_from {
    my ($id) = @_;
    my $connection = $connections{$id} or return;
    my $read = sysread $connection->{socket}, my $bytes, 16384;
    if (!defined $read) {
        fail($id, $! + 0) if $! != EAGAIN && $! != EWOULDBLOCK && $! != EINTR;
    }
    elsif ($read == 0) {
        delete $connections{$id};
        send_frame($id, 'e', '');
    }
    else { send_frame($id, 'd', $bytes) }
}

while (1) {
    my ($readable, $writable) = ('', '');
    vec($readable, fileno STDIN, 1) = 1;
    for my $connection (values %connections) {
        my $number = fileno $connection->{socket};
        my $waits_to_write = $connection->{connecting} || length $connection->{output};
        vec($readable, $number, 1) = 1 unless $connection->{connecting};
        vec($writable, $number, 1) = 1 if $waits_to_write;
    }
    next if select($readable, $writable, undef, undef) < 0;
    for my $id (keys %connections) {
        my $number = fileno $connections{$id}{socket};
        write_to($id) if vec $writable, $number, 1;
        read_from($id) if vec $readable, $number, 1;
    }
    next unless vec $readable, fileno STDIN, 1;
    my $read = sysread STDIN, $input, 65536, length $input;
    next if !defined $read && $! == EINTR;
    exit 0 unless $read;
    take_frames();
}
