import be.fla.client.ApiClient;
import be.fla.client.ApiException;
import be.fla.client.api.BatchesApi;
import be.fla.client.api.SubmissionsApi;
import be.fla.client.api.TrainingsApi;
import be.fla.client.model.*;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What payroll software does with the client that is generated for Java. Exit code 0: all of it went well.
 *
 * <p>Arguments: the API's host, the token endpoint, the client's id, its key (JWK), an enterprise, an employee, a batch
 * file.
 */
public final class Scenario {
  private static final ObjectMapper JSON = ApiClient.createDefaultObjectMapper();

  public static void main(String[] arguments) throws Exception {
    String bearer = "Bearer " + token(arguments[1], arguments[2], new File(arguments[3]));
    String enterprise = arguments[4];
    String ssin = arguments[5];
    ApiClient http = new ApiClient();
    http.updateBaseUri(arguments[0]);
    http.setRequestInterceptor(request -> request.header("Authorization", bearer));
    TrainingsApi trainings = new TrainingsApi(http);

    registered(trainings, new SubmissionsApi(http), training(enterprise, ssin));
    corrected(trainings, training(enterprise, ssin));
    many(trainings, enterprise, ssin);
    sent(new BatchesApi(http), new File(arguments[6]));
    paged(trainings, enterprise);
    refused(trainings, training(enterprise, ssin).endDate(LocalDate.of(2024, 6, 1)));
    System.out.println("java: all went well");
  }

  private static void registered(TrainingsApi trainings, SubmissionsApi submissions, TrainingRegistration training)
      throws Exception {
    var taken = trainings.registerTrainingWithHttpInfo(training, null, null, null, null);
    is(taken.getStatusCode() == 202 && taken.getData().getStatus() == Receipt.StatusEnum.PENDING, taken.getData());
    Submission state;
    while ((state = submissions.readSubmission(taken.getData().getSubmissionId(), null, null)).getStatus()
        != Submission.StatusEnum.COMPLETED) {
      Thread.sleep(200);
    }
    is(state.getAccepted() == 1 && state.getRefused() == 0, state);
  }

  private static void corrected(TrainingsApi trainings, TrainingRegistration training) throws Exception {
    var decided = trainings.registerTrainingWithHttpInfo(training, null, "wait=20", null, null);
    is(decided.getStatusCode() == 201 && decided.getData().getStatus() == Receipt.StatusEnum.ACCEPTED, decided.getData());
    UUID id = decided.getData().getId();
    is(decided.getHeaders().get("location").get(0).endsWith(id.toString()), decided.getHeaders());
    String version = trainings.readTrainingWithHttpInfo(id, null, null, null).getHeaders().get("etag").get(0);
    TrainingCorrection correction =
        new TrainingCorrection()
            .title("Better " + UUID.randomUUID())
            .startDate(LocalDate.of(2024, 6, 16))
            .endDate(LocalDate.of(2024, 6, 17))
            .duration("PT7H36M")
            .reason("tikfout");
    Receipt corrected = trainings.correctTraining(id, correction, version, null, "wait=20", null, null);
    is(corrected.getStatus() == Receipt.StatusEnum.ACCEPTED, corrected);
    Training now = trainings.readTraining(id, null, null, null);
    is(now.getVersion() == 2 && now.getContent().getTitle().equals(correction.getTitle()), now);
    TrainingCancellation cancellation = new TrainingCancellation().reason("niet doorgegaan");
    trainings.cancelTraining(id, cancellation, null, null, "wait=20", null, null);
    now = trainings.readTraining(id, null, null, null);
    is(now.getContent().getStatus() == TrainingContent.StatusEnum.CANCELLED, now);
  }

  private static void many(TrainingsApi trainings, String enterprise, String ssin) throws Exception {
    TrainingRegistrations many =
        new TrainingRegistrations()
            .items(List.of(training(enterprise, ssin), training(enterprise, "00000000000"), training(enterprise, ssin)));
    Submission bulk = trainings.registerTrainings(many, null, "wait=20", null, null);
    is(bulk.getAccepted() == 2 && bulk.getRefused() == 1 && bulk.getItems().get(0).getLine() == 2, bulk);
  }

  private static void sent(BatchesApi batches, File file) throws Exception {
    var first = batches.sendBatchWithHttpInfo(file, null, null, null, null, null);
    var again = batches.sendBatchWithHttpInfo(file, null, null, null, null, null);
    is(first.getStatusCode() == 202 && again.getStatusCode() == 200, again.getData());
    is(first.getData().getId().equals(again.getData().getId()), again.getData());
    Batch batch;
    Set<Batch.StateEnum> last = Set.of(Batch.StateEnum.COMPLETED, Batch.StateEnum.REJECTED);
    while (!last.contains((batch = batches.readBatch(first.getData().getId(), null, null)).getState())) {
      Thread.sleep(300);
    }
    is(batch.getState() == Batch.StateEnum.COMPLETED, batch);
    BatchReport report = batches.readReport(batch.getId(), "json", null, null, null, null);
    is(report.getComplete() && report.getItems().size() == batch.getDeclared(), report);
  }

  private static void paged(TrainingsApi trainings, String enterprise) throws Exception {
    TrainingPage page = page(trainings, enterprise, 1);
    is(page.getNext() != null && page.getTotal() > 2, page);
    Set<UUID> both = new HashSet<>(ids(page));
    both.addAll(ids(page(trainings, enterprise, page.getPage() + 1)));
    is(both.size() == 4, both);
  }

  private static TrainingPage page(TrainingsApi trainings, String enterprise, int page) throws ApiException {
    return trainings.listTrainings(enterprise, null, null, null, null, null, page, 2, null, null, null);
  }

  private static Set<UUID> ids(TrainingPage page) {
    return page.getItems().stream().map(TrainingLine::getTraining).collect(Collectors.toSet());
  }

  private static void refused(TrainingsApi trainings, TrainingRegistration training) throws Exception {
    try {
      trainings.registerTraining(training, null, null, "nl", null);
      throw new AssertionError("a training that ends before it starts was taken");
    } catch (ApiException refusal) {
      is(refusal.getCode() == 400, refusal.getCode());
      Issue issue = JSON.readValue(refusal.getResponseBody(), Problem.class).getIssues().get(0);
      is("endDate".equals(issue.getName()) && "endBeforeStart".equals(issue.getCode()), issue);
      is(issue.getIn() == Issue.InEnum.BODY, issue);
    }
  }

  private static TrainingRegistration training(String enterprise, String ssin) {
    return new TrainingRegistration()
        .reference("java-" + UUID.randomUUID())
        .ssin(ssin)
        .enterpriseNumber(enterprise)
        .title("Java " + UUID.randomUUID())
        .startDate(LocalDate.of(2024, 6, 16))
        .endDate(LocalDate.of(2024, 6, 19))
        .duration("PT15H12M");
  }

  private static String token(String endpoint, String client, File keyFile) throws Exception {
    JsonNode key = JSON.readTree(keyFile);
    long now = Instant.now().getEpochSecond();
    Map<String, Object> head = Map.of("alg", "ES256", "kid", key.path("kid").asText());
    Map<String, Object> claims =
        Map.of("iss", client, "sub", client, "aud", endpoint, "iat", now, "exp", now + 60, "jti", UUID.randomUUID());
    String signed = encoded(JSON.writeValueAsBytes(head)) + "." + encoded(JSON.writeValueAsBytes(claims));
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    BigInteger secret = new BigInteger(1, Base64.getUrlDecoder().decode(key.get("d").asText()));
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(
        KeyFactory.getInstance("EC")
            .generatePrivate(new ECPrivateKeySpec(secret, curve.getParameterSpec(ECParameterSpec.class))));
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    String form =
        "grant_type=client_credentials&client_id="
            + URLEncoder.encode(client, StandardCharsets.UTF_8)
            + "&client_assertion_type="
            + URLEncoder.encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", StandardCharsets.UTF_8)
            + "&client_assertion="
            + signed
            + "."
            + encoded(signature.sign());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    is(answer.statusCode() == 200, answer.body());
    return JSON.readTree(answer.body()).get("access_token").asText();
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static void is(boolean holds, Object shown) {
    if (!holds) {
      throw new AssertionError(String.valueOf(shown));
    }
  }
}
