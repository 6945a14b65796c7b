/// Libraries in the images `public.ecr.aws/lambda/provided` of both systems, by the name that a program asks for. Those of
/// package managers and name services are left out: no function asks for them. Not among them, though widespread
/// elsewhere: libatomic.so.1, libgomp.so.1, libexpat.so.1, and on Amazon Linux 2023 libcrypt.so.2 and libnsl.so.1.
extension LambdaImage {
    static let ofBoth: Set<String> = [
        // glibc and gcc.
        "libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "libutil.so.1",
        "libanl.so.1", "libBrokenLocale.so.1", "libthread_db.so.1", "libmvec.so.1", "ld-linux-x86-64.so.2",
        "ld-linux-aarch64.so.1", "linux-vdso.so.1", "libgcc_s.so.1", "libstdc++.so.6",
        "libacl.so.1", "libattr.so.1", "libbz2.so.1", "libcap.so.2", "libcom_err.so.2", "libcurl.so.4", "libform.so.6",
        "libformw.so.6", "libgmp.so.10", "libgssapi_krb5.so.2", "libidn2.so.0", "libk5crypto.so.3", "libkeyutils.so.1",
        "libkrb5.so.3", "libkrb5support.so.0", "liblzma.so.5", "libmenu.so.6", "libmenuw.so.6", "libncurses.so.6",
        "libncursesw.so.6", "libnghttp2.so.14", "libp11-kit.so.0", "libpanel.so.6", "libpanelw.so.6", "libpopt.so.0",
        "libselinux.so.1", "libsqlite3.so.0", "libtasn1.so.6", "libtic.so.6", "libtinfo.so.6", "libuuid.so.1",
        "libverto.so.1", "libxml2.so.2", "libz.so.1",
    ]

    static let onlyAL2023: Set<String> = [
        "libarchive.so.13", "libassuan.so.0", "libaudit.so.1", "libblkid.so.1", "libcap-ng.so.0", "libcrypto.so.3",
        "libffi.so.8", "libgcrypt.so.20", "libgio-2.0.so.0", "libglib-2.0.so.0", "libgmodule-2.0.so.0",
        "libgobject-2.0.so.0", "libgpg-error.so.0", "libgpgme.so.11", "libgthread-2.0.so.0", "libhistory.so.8",
        "libjson-c.so.5", "liblz4.so.1", "libmagic.so.1", "libmount.so.1", "libmpfr.so.6", "libnpth.so.0",
        "libpcre2-8.so.0", "libpcre2-posix.so.3", "libreadline.so.8", "libsepol.so.2", "libsigsegv.so.2",
        "libsmartcols.so.1", "libssl.so.3", "libunistring.so.2", "libyaml-0.so.2", "libzstd.so.1",
    ]

    static let onlyAL2: Set<String> = [
        "libcidn.so.1", "libcrypt.so.1", "libcrypto.so.10", "libdb-5.3.so", "libelf.so.1", "libffi.so.6",
        "libgmpxx.so.4", "libhistory.so.6", "libicudata.so.50", "libicui18n.so.50", "libicuio.so.50", "libicuuc.so.50",
        "liblber-2.4.so.2", "libldap-2.4.so.2", "libldap_r-2.4.so.2", "libnsl.so.1", "libnspr4.so", "libnss3.so",
        "libnssutil3.so", "libpcre.so.1", "libpcreposix.so.0", "libplc4.so", "libplds4.so", "libreadline.so.6",
        "libsasl2.so.3", "libsepol.so.1", "libsmime3.so", "libssh2.so.1", "libssl.so.10", "libssl3.so",
        "libunistring.so.0",
    ]
}
