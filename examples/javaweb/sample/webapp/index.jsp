<%@ page contentType="text/html; charset=UTF-8" %>
<!DOCTYPE html>
<title>sample</title>
<h1>Hello from sample.war</h1>
<p>It runs on <%= application.getServerInfo() %> with Java <%= System.getProperty("java.version") %>.</p>
